import { existsSync, readFileSync } from 'node:fs';

/** What workers wrote to a log, one JSON value a line; nothing where there is none yet. */
export function jsonLines<T>(file: string): T[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}
