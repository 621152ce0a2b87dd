import { RunLocal } from './run-local.js';
import { runState } from './run-state.js';

const currentSpan = new RunLocal<string>();

/** Path of the code that runs now among the run's spans; '' at the top. */
export function spanPath(): string {
  return currentSpan.get() ?? '';
}

/** Path for something that happens here, or below `parent`: numbered, as the same name may come again. */
export function openSpan(name: string, parent = spanPath()): string {
  const path = join(parent, name);
  return `${path}.${runState().countSpan(path)}`;
}

/** Path of a part of the run named `name`. */
export function spanOf(name: string): string {
  return join(spanPath(), name);
}

/** Runs `fn` as a part of the run named `name`: a branch, a step. */
export function inSpan<T>(name: string, fn: () => Promise<T>): Promise<T> {
  return atSpan(spanOf(name), fn);
}

/** Runs `fn` as what happens at a path, wherever it was called from. */
export function atSpan<T>(path: string, fn: () => Promise<T>): Promise<T> {
  return currentSpan.run(path, fn);
}

/** Runs `fn` below a span that was opened before, such as an agent's. */
export function belowSpan<T>(path: string, fn: () => Promise<T>): Promise<T> {
  // The first use of the storage slows down every promise of the thread from then on.
  return path === spanPath() ? fn() : currentSpan.run(path, fn);
}

/** Path of what a span stands in; '' at the top. */
export function parentSpan(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}
