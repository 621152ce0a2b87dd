import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { rankItems, type Item, type ItemQuery, type ItemSource } from './item.js';

const text = z.string().regex(/\S/, 'is empty');
const Line = z.object({
  id: z.union([text, z.number()]).transform(String),
  date: z.string().nullish(),
  /** The publisher or the author, by whichever name the file has it. */
  by: z.string().nullish(),
  title: z.string().nullish(),
  url: z.string().nullish(),
  text,
});

/** News or posts of a JSONL file: one `{ id, text, date?, by?, title?, url? }` a line. */
export class ItemsOnFile implements ItemSource {
  private reading: Promise<Item[]> | undefined;

  constructor(private readonly path: string) {}

  async search(query: ItemQuery, limit: number): Promise<Item[]> {
    return rankItems(await this.items(), query, limit);
  }

  /** @throws an Error that names the file and line */
  items(): Promise<Item[]> {
    this.reading ??= readItems(this.path);
    // What could not be read may be mended: the next use tries again.
    this.reading.catch(() => (this.reading = undefined));
    return this.reading;
  }
}

async function readItems(path: string): Promise<Item[]> {
  const content = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`the file ${path} is not there`, { cause });
  });
  return content
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parse(line, `${path}:${index + 1}`)]));
}

function parse(line: string, place: string): Item {
  const parsed = Line.safeParse(json(line, place));
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '));
    throw new Error(`${place}: ${wrong.join('; ')}`);
  }
  const { id, text, date, by, title, url } = parsed.data;
  return { id, text, date: date ?? null, by: by ?? null, title: title ?? null, url: url ?? null };
}

function json(line: string, place: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new Error(`${place}: not valid JSON`, { cause });
  }
}
