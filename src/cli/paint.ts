import { styleText } from 'node:util';
import type { Output } from './io.js';

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  /** What waits for somebody. */
  attention(text: string): string;
}

/** Colours for a terminal; plain text for files and pipes, and where NO_COLOR (https://no-color.org) is set. */
export function paintFor(output: Output): Paint {
  const style = (format: Parameters<typeof styleText>[0]) =>
    hasColor(output)
      ? (text: string) => styleText(format, text, { validateStream: false })
      : (text: string) => text;
  return {
    bold: style('bold'),
    dim: style('dim'),
    good: style('green'),
    bad: style('red'),
    attention: style('yellow'),
  };
}

export function hasColor({ isTTY }: Output): boolean {
  return isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}
