import { ServiceError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { BatonError } from '../agents/failures.js';

/** What a storage throws is a failure as Temporal carries it; here it is one of the table. */
export async function namingStorage<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    // Temporal's client puts what was thrown before a request into an error of its own. A run's failure is none of ours.
    const own = error instanceof ServiceError ? error.cause : error;
    if (!(own instanceof ApplicationFailure)) throw error;
    const { type: code, message } = own;
    if (code !== 'StorageMissing' && code !== 'StorageUnavailable') throw error;
    throw new BatonError(code, message, { cause: error });
  }
}
