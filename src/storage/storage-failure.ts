import { ApplicationFailure } from '@temporalio/common';
import { FAILURES } from '../agents/failures.js';

/** A failure to keep or to find a value, as Temporal carries it: its type is the code. */
export function storageFailure(
  code: 'StorageMissing' | 'StorageUnavailable',
  message: string,
  cause?: unknown,
): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: !FAILURES[code].retryable,
    ...(cause instanceof Error ? { cause } : {}),
  });
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What `read` gives; undefined where it throws `StorageMissing`. */
export async function unlessLost<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || error.type !== 'StorageMissing') throw error;
    return undefined;
  }
}
