import { RunLocal } from './run-local.js';

const elsewhere = new RunLocal<true>();

/**
 * Runs `fn`, for which something else stands where it fails: so its turns don't wait for a model whose circuit is open.
 * @param is false for the last of several, which nothing comes after
 */
export function withElsewhere<T>(fn: () => Promise<T>, is = true): Promise<T> {
  return is ? elsewhere.run(true, fn) : fn();
}

/** Whether something else stands for what runs now. */
export function hasElsewhere(): boolean {
  return elsewhere.get() ?? false;
}
