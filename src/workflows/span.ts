import { AsyncLocalStorage } from '@temporalio/workflow';
import { runState } from './run-state.js';

const currentSpan = new AsyncLocalStorage<string>();

/** Path of the code that runs now among the run's spans; '' at the top. */
export function spanPath(): string {
  return currentSpan.getStore() ?? '';
}

/** Path for something that happens here: numbered, as the same name may come again. */
export function openSpan(name: string): string {
  const path = join(spanPath(), name);
  return `${path}.${runState().countSpan(path)}`;
}

/** Runs `fn` as a part of the run named `name`: a branch, a step. */
export function inSpan<T>(name: string, fn: () => Promise<T>): Promise<T> {
  return currentSpan.run(join(spanPath(), name), fn);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}
