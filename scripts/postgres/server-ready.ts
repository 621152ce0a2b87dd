import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { registerSearchAttribute } from '../../src/cli/search-attribute.js';

const POLL_MS = 100;
/** More than the 10 s that a new search attribute may take to be known. */
const CALL_TIMEOUT_MS = 15_000;

/** gRPC status codes. */
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;

/** Workflow ids that are asked for: enough that every shard of a small server has some of them. */
const PROBES = 64;

export interface ReadyOptions {
  address: string;
  namespace: string;
  /** How long closed runs are kept, in days; of a namespace that is made here. */
  retentionDays: number;
  signal: AbortSignal;
}

/**
 * Registers the namespace and Baton's search attribute where they are not yet there, and resolves when every history shard
 * answers for the namespace, so that a client can start work. Rejects with the signal's reason.
 */
export async function prepareServer({
  address,
  namespace,
  retentionDays,
  signal,
}: ReadyOptions): Promise<void> {
  const connection = Connection.lazy({ address });
  const call = <T>(fn: () => Promise<T>) => connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, fn);
  const { workflowService } = connection;
  const client = new Client({ connection, namespace });
  try {
    await until(signal, () =>
      call(async () => {
        const seconds = retentionDays * 24 * 3_600;
        await workflowService
          .registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: seconds as never } })
          .catch(allow(ALREADY_EXISTS));
      }),
    );
    await until(signal, () => call(() => registerSearchAttribute(client)));
    // The services learn of a new namespace from a cache.
    for (let probe = 0; probe < PROBES; probe += 1) {
      const execution = { workflowId: `probe-${probe}` };
      await until(signal, () =>
        call(async () => {
          await workflowService
            .getWorkflowExecutionHistory({ namespace, execution })
            .catch(allow(NOT_FOUND, /^(?!.*[Nn]amespace)/));
        }),
      );
    }
  } finally {
    await connection.close();
  }
}
function allow(code: number, message = /^/): (error: unknown) => void {
  return (error) => {
    if (isGrpcServiceError(error) && error.code === code && message.test(error.details)) return;
    throw error;
  };
}

/** Tries until it goes well. */
async function until(signal: AbortSignal, attempt: () => Promise<unknown>): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      await attempt();
      return;
    } catch {
      await sleep(POLL_MS);
    }
  }
}
