import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Baton, Run } from '../../src/client.js';
import { BatonError } from '../../src/agents/failures.js';
import type { Case } from './cases.js';
import { inputOf, type Told } from './errand.js';
import type { Outcome } from './workflows.js';

export interface RunFailure {
  code: string;
  message: string;
  /** Of branches, rungs or voters that gave nothing. */
  branches: string[];
}

/** How a case ended. */
export interface Ended {
  of: Case;
  /** Absent where it failed, or did not end. */
  outcome?: Outcome;
  failure?: RunFailure;
  /** Of a session: what it answered, or what an answer failed with, by message. */
  answers?: ({ output: Told } | { code: string; message: string })[];
}

const PAUSE_MS = 700;

/** Starts a case, does what people and the world have to do with it, and waits for its end. What the server's stops break off is done again. */
export async function drive(baton: Baton, of: Case, signal: AbortSignal): Promise<Ended> {
  if (of.kind === 'session') return converse(baton, of, signal);
  const run = await start(baton, of, signal);
  const over = new AbortController();
  const meanwhile = alongside(baton, of, run, AbortSignal.any([signal, over.signal]));
  try {
    const outcome = await insist(() => run.result(), signal);
    return { of, outcome };
  } catch (error) {
    const failure = failureIn(error);
    if (!failure) throw error;
    return { of, failure };
  } finally {
    over.abort();
    await meanwhile;
  }
}

async function start(baton: Baton, of: Case, signal: AbortSignal): Promise<Run<Outcome>> {
  return insist(async () => {
    // A start of which the answer was lost has begun the run.
    const known = await baton.client.workflow
      .getHandle(of.id)
      .describe()
      .then(
        () => true,
        () => false,
      );
    if (known) return baton.run<Outcome>(of.id);
    return baton.start<(input: unknown) => Promise<Outcome>>(of.workflow, of.input, {
      id: of.id,
      ...(of.budget ? { budget: of.budget } : {}),
    }) as Promise<Run<Outcome>>;
  }, signal);
}

async function alongside(baton: Baton, of: Case, run: Run<Outcome>, signal: AbortSignal): Promise<void> {
  try {
    if (of.kind === 'events') {
      for (const { errand } of of.driven) {
        // Each twice: the second one changes nothing.
        for (let i = 0; i < 2; i++)
          await insist(() => baton.emit({ name: 'go', id: errand, data: errand, to: run.id }), signal);
        await delay(PAUSE_MS, undefined, { signal });
      }
    }
    while (of.kind === 'approval') {
      await delay(PAUSE_MS, undefined, { signal });
      for (const { id } of await run.approvals().catch(() => []))
        await run.approve({ id, by: 'lead' }).catch(() => undefined);
    }
  } catch (error) {
    // The run has ended, or the suite has.
    if (!signal.aborted && !(error instanceof BatonError)) throw error;
  }
}

/** For the client only the name of the orchestration counts. */
async function talk(_: { perRun: number }): Promise<void> {}

async function converse(baton: Baton, of: Case, signal: AbortSignal): Promise<Ended> {
  const session = baton.session(talk, { id: of.id, input: of.input as { perRun: number } });
  const answers: NonNullable<Ended['answers']> = [];
  for (const [place, errand] of of.driven.entries()) {
    const send = () =>
      insist(
        () => session.send(inputOf(errand), { id: errand.errand, timeout: '30 seconds' }),
        signal,
      ) as Promise<unknown>;
    try {
      // Some are sent twice at the same time, and are answered once.
      const [output] = await Promise.all(place % 3 === 1 ? [send(), send()] : [send()]);
      answers.push({ output: output as Told });
    } catch (error) {
      if (!(error instanceof BatonError)) throw error;
      answers.push({ code: error.code, message: error.message });
    }
  }
  await insist(() => session.close(), signal).catch((error: unknown) => {
    // It was closed, and the answer to that was lost.
    if (!(error instanceof BatonError)) throw error;
  });
  await insist(() => session.run.result(), signal);
  return { of, answers };
}

/** Does it until it is done, or has failed in a way that is its own and not the connection's. */
async function insist<T>(fn: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await untilAborted(fn(), signal);
    } catch (error) {
      if (signal.aborted || error instanceof WorkflowFailedError) throw error;
      if (error instanceof BatonError && error.code !== 'TimedOut' && error.code !== 'ServerUnreachable')
        throw error;
      await delay(PAUSE_MS, undefined, { signal });
    }
  }
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function failureIn(error: unknown): RunFailure | undefined {
  for (let at = error; at instanceof Error; at = at.cause)
    if (at instanceof ApplicationFailure) {
      const { missing, rejected } = (at.details?.[0] ?? {}) as Record<string, { code: string }[] | undefined>;
      const branches = (missing ?? rejected ?? []).map(({ code }) => code);
      return { code: at.type ?? '', message: at.message, branches };
    }
  return undefined;
}
