import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';

/** A call to Temporal that is given up after a time (ms), whatever becomes of it. @throws what it fails with, or that it was late */
export async function inTime<T>(
  client: Pick<Client, 'withDeadline'>,
  limit: number,
  call: () => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const late = delay(limit, undefined, { signal: done.signal, ref: false }).then(() => {
    throw new Error(`Temporal did not answer in ${limit} ms`);
  });
  // It is aborted when the call was quicker.
  late.catch(() => undefined);
  try {
    return await Promise.race([client.withDeadline(Date.now() + limit, call), late]);
  } finally {
    done.abort();
  }
}
