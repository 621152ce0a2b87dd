import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { BatonError } from 'batonjs/agents';
import { z } from 'zod';

/** A document of the knowledge base. */
export interface Document {
  /** Its path without the ending, or the `id` of its line. */
  id: string;
  title: string;
  content: string;
}

/** A document, and where it was read, for messages about it. */
interface Located extends Document {
  place: string;
}

const Line = z.object({
  id: z.union([z.string().min(1), z.number()]),
  title: z.string().min(1),
  content: z.string().min(1),
});

const MARKDOWN = ['.md', '.markdown'];
const JSON_LINES = '.jsonl';

/**
 * Reads Markdown (one document a file, the first heading is its title) and JSONL (one document `{ id, title, content }`
 * a line) from a file, or from a folder and the folders in it.
 * @throws BatonError `ConfigInvalid`, which names the file and line
 */
export async function readDocuments(path: string): Promise<Document[]> {
  const files = await filesAt(path);
  const located: Located[] = [];
  for (const file of files) {
    const text = (await readFile(file.path, 'utf8')).replace(/^\uFEFF/, '');
    if (extname(file.path) === JSON_LINES) located.push(...linesOf(text, file.name));
    else located.push(...markdownOf(text, file.name));
  }
  checkIds(located);
  if (located.length === 0) invalid(`the knowledge base ${path} holds no text`);
  return located.map(({ id, title, content }) => ({ id, title, content }));
}

async function filesAt(path: string): Promise<{ path: string; name: string }[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new BatonError('ConfigInvalid', `the knowledge base ${path} does not exist`, { cause });
  });
  if (!found.isDirectory()) {
    if (!isDocument(path)) invalid(`the knowledge base ${path} is neither a folder nor a .md or .jsonl file`);
    return [{ path, name: basename(path) }];
  }
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile() && isDocument(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: file, name: relative(path, file).split(sep).join('/') }))
    .filter(({ name }) => !name.split('/').some((part) => part.startsWith('.') || part === 'node_modules'))
    // One order on every machine, so that the same question finds the same passages.
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (files.length === 0) invalid(`the knowledge base ${path} has no .md or .jsonl files in it`);
  return files;
}

function isDocument(name: string): boolean {
  return [...MARKDOWN, JSON_LINES].includes(extname(name));
}

function markdownOf(text: string, name: string): Located[] {
  const id = name.slice(0, -extname(name).length);
  const matter = /^---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)/.exec(text);
  const body = matter ? text.slice(matter[0].length) : text;
  const heading = /^\s*#\s+(.+?)\s*#*\s*(?:\r?\n|$)/.exec(body);
  const content = (heading ? body.slice(heading[0].length) : body).trim();
  if (content === '' && !heading) return [];
  const named = /^title:\s*["']?(.+?)["']?\s*$/m.exec(matter?.[1] ?? '')?.[1];
  return [{ id, title: heading?.[1] ?? named ?? basename(id), content, place: name }];
}

function linesOf(text: string, name: string): Located[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const place = `${name}:${index + 1}`;
    const parsed = Line.safeParse(readJson(line, place));
    if (!parsed.success) {
      const wrong = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '));
      return invalid(`${place}: ${wrong.join('; ')}`);
    }
    return [{ ...parsed.data, id: String(parsed.data.id), place }];
  });
}

function readJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BatonError('ConfigInvalid', `${place}: not valid JSON: ${reason}`, { cause });
  }
}

function checkIds(documents: readonly Located[]): void {
  const places = new Map<string, string>();
  for (const { id, place } of documents) {
    const other = places.get(id);
    if (other !== undefined) invalid(`${place}: the id "${id}" is already used by ${other}`);
    places.set(id, place);
  }
}

function invalid(message: string): never {
  throw new BatonError('ConfigInvalid', message);
}
