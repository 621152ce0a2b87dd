import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { LOOPBACK } from './free-port.js';

const POLL_MS = 50;

export interface ReadyOptions {
  port: number;
  uiPort?: number | undefined;
  namespace: string;
  searchAttributes: string[];
  signal: AbortSignal;
}

/**
 * Resolves when a client can start work: the port answers, the namespace is there, its search attributes are
 * registered, and the UI's page is served. Rejects with the signal's reason; asks until then.
 */
export async function serverReady({
  port,
  uiPort,
  namespace,
  searchAttributes,
  signal,
}: ReadyOptions): Promise<void> {
  await until(() => accepts(port), signal);
  const connection = Connection.lazy({ address: `${LOOPBACK}:${port}` });
  try {
    await until(async () => {
      await connection.withDeadline(Date.now() + 2_000, async () => {
        await connection.workflowService.describeNamespace({ namespace });
      });
      return true;
    }, signal);
    await until(async () => {
      const { customAttributes } = await connection.withDeadline(Date.now() + 2_000, () =>
        connection.operatorService.listSearchAttributes({ namespace }),
      );
      return searchAttributes.every((name) => name in customAttributes);
    }, signal);
  } finally {
    await connection.close();
  }
  if (uiPort !== undefined) await until(() => accepts(uiPort), signal);
}

/** Asks until the answer is yes; a thrown error is a no. */
async function until(answer: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (await answer().catch(() => false)) return;
    await sleep(POLL_MS);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK);
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => (socket.destroy(), resolve(false)));
  });
}
