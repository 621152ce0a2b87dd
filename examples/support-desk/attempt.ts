import { failureOf } from 'batonjs/workflow';

/** How a step of the desk ended: with a value, or with why there is none. */
export type Attempt<T> = { ok: true; value: T } | { ok: false; problem: string };

/**
 * Keeps a step's failure from taking the whole desk down; the notes say what is missing. What is no failure of the step
 * goes on: the run was cancelled, or the code is wrong.
 */
export async function attempt<T>(what: string, step: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await step() };
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    return { ok: false, problem: `${what} failed (${failure.code}): ${failure.message}` };
  }
}
