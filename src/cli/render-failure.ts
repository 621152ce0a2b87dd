import { wrap, WIDTH } from './layout.js';
import { hasColor, paintFor } from './paint.js';
import type { Output } from './io.js';
import { readFailure } from './read-failure.js';

/** A failure for a terminal: code and title, what happened, and what to try. The stack only where it is asked for. */
export function renderFailure(error: unknown, output: Output, { debug = false } = {}): string {
  const { code, title, message, advice } = readFailure(error);
  const { bad, bold } = paintFor(output);
  const width = Math.min(WIDTH, output.columns ?? WIDTH);
  const head = `${bad(code)}: ${hasColor(output) ? bold(title) : title}`;
  const body = message === '' || message === title ? [] : [wrap(message, { width, indent: '  ' })];
  const stack = debug && error instanceof Error ? ['', stackOf(error)] : [];
  return [head, ...body, wrap(`Try: ${advice}`, { width, indent: '  ' }), ...stack, ''].join('\n');
}

function stackOf(error: Error): string {
  const below = error.cause instanceof Error ? [`caused by ${stackOf(error.cause)}`] : [];
  return [error.stack ?? error.message, ...below].join('\n');
}
