import { wrap } from './layout.js';

/** What one must know to decide, for reading: text as it is, data as lines of `name: value`. */
export function renderDetails(details: unknown, options: { width: number; indent: string }): string {
  return wrap(linesOf(details, '').join('\n').trim(), options);
}

function linesOf(value: unknown, indent: string): string[] {
  if (typeof value === 'string') return value.split('\n').map((line) => indent + line);
  if (typeof value !== 'object' || value === null) return [indent + String(value)];
  const entries = Array.isArray(value) ? value.map((item) => ['-', item] as const) : Object.entries(value);
  return entries.flatMap(([key, item]) => {
    const head = indent + (key === '-' ? key : `${key}:`);
    const isShort = typeof item !== 'object' || item === null || Object.keys(item as object).length === 0;
    if (isShort && !(typeof item === 'string' && item.includes('\n'))) return [`${head} ${short(item)}`];
    return [head, ...linesOf(item, `${indent}  `)];
  });
}

function short(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'none' : String(value);
}
