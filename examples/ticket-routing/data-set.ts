import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BatonError } from 'batonjs/agents';
import { parseCategories, type Category } from './categories.js';
import { parseQuestions, type Question } from './questions.js';

/** Bytes of a file of questions at most. */
const MAX_BYTES = 100_000_000;

/** Questions and the categories that they are sorted into. */
export interface DataSet {
  /** Name of its folder. */
  name: string;
  /** Of the content, so that a run notices that it has changed. */
  digest: string;
  categories: Category[];
  questions: Question[];
}

const OWN = fileURLToPath(new URL('./data', import.meta.url));
const loaded = new Map<string, Promise<DataSet>>();

/**
 * The example's own data or, where `TICKET_ROUTING_DATA` names a folder, the user's. Read at the first use.
 * @throws BatonError `ConfigInvalid`
 */
export function dataSet(): Promise<DataSet> {
  const folder = resolve(process.env.TICKET_ROUTING_DATA || OWN);
  const known = loaded.get(folder);
  if (known) return known;
  const loading = readDataSet(folder);
  loaded.set(folder, loading);
  // What could not be read may be mended: the next use tries again.
  loading.catch(() => loaded.delete(folder));
  return loading;
}

/** Reads a folder with `categories.json` and a CSV. @throws BatonError `ConfigInvalid` */
export async function readDataSet(folder: string): Promise<DataSet> {
  const shown = relative(process.cwd(), folder) || '.';
  const name = await questionsFile(folder, shown);
  const categoriesText = await readText(join(folder, 'categories.json'), `${shown}/categories.json`);
  const questionsText = await readText(join(folder, name), `${shown}/${name}`);
  const categories = parseCategories(categoriesText, `${shown}/categories.json`);
  const labels = categories.map(({ label }) => label);
  return {
    name: basename(folder),
    digest: createHash('sha256')
      .update(JSON.stringify([categoriesText, questionsText]))
      .digest('hex')
      .slice(0, 16),
    categories,
    questions: parseQuestions(questionsText, `${shown}/${name}`, labels),
  };
}

/** `questions.csv`, else the one CSV that is there. */
async function questionsFile(folder: string, shown: string): Promise<string> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw invalid(`${shown} is no folder that can be read`, cause);
  });
  const tables = names.filter((name) => /\.csv$/i.test(name)).sort();
  const [first] = tables;
  if (tables.includes('questions.csv')) return 'questions.csv';
  if (first === undefined) throw invalid(`there is no .csv file in ${shown}`);
  if (tables.length > 1)
    throw invalid(
      `there are several .csv files in ${shown}, and none is questions.csv: ${tables.join(', ')}`,
    );
  return first;
}

async function readText(path: string, shown: string): Promise<string> {
  const unreadable = (cause: unknown): never => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`${shown} cannot be read: ${reason}`, cause);
  };
  const { size } = await stat(path).catch(unreadable);
  if (size > MAX_BYTES) throw invalid(`${shown} has more than ${MAX_BYTES / 1_000_000} MB; split it`);
  const bytes = await readFile(path).catch(unreadable);
  if (!isUtf8(bytes)) throw invalid(`${shown} is not text in UTF-8`);
  return bytes.toString();
}

function invalid(problem: string, cause?: unknown): BatonError {
  return new BatonError('ConfigInvalid', problem, cause === undefined ? {} : { cause });
}
