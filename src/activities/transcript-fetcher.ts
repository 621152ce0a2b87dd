import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Message } from '../agents/message.js';
import { TRANSCRIPT_QUERY } from '../agents/names.js';
import type { TranscriptPage, TranscriptRequest } from '../agents/transcript-query.js';
import { failure } from './fail.js';

export interface RunRef {
  workflowId: string;
  runId: string;
}

interface Want {
  transcript: number;
  from: number;
  to: number;
  got: Message[];
  resolve(messages: Message[]): void;
  reject(reason: unknown): void;
}

const QUERY_DEADLINE_MS = 10_000;
const QUERY_ATTEMPTS = 5;
const QUERY_BACKOFF_MS = 100;

/**
 * Reads transcripts from the runs that own them, by Query, which Temporal does not record. The server buffers one
 * query per run while a workflow task is open, so what several turns of a run want at once is asked together.
 */
export class TranscriptFetcher {
  private readonly wants = new Map<string, Want[]>();

  constructor(private readonly client: () => Client) {}

  /**
   * The messages `from` (included) to `to` (excluded) of a transcript.
   * @throws TranscriptUnavailable (retryable)
   */
  fetch(run: RunRef, transcript: number, from: number, to: number): Promise<Message[]> {
    return new Promise((resolve, reject) => {
      const want = { transcript, from, to, got: [], resolve, reject };
      const waiting = this.wants.get(run.runId);
      if (waiting) {
        waiting.push(want);
      } else {
        this.wants.set(run.runId, [want]);
        void this.serve(run, this.client());
      }
    });
  }

  private async serve(run: RunRef, client: Client): Promise<void> {
    const wants = this.wants.get(run.runId) ?? [];
    while (wants.length > 0) {
      const asked = [...wants]; // what comes in during the query goes with the next one
      try {
        const parts = await query(
          client,
          run,
          asked.map(({ transcript, from, got }) => ({ transcript, from: from + got.length })),
        );
        if (parts.every(({ messages }) => messages.length === 0)) {
          throw failure(
            'TranscriptUnavailable',
            `run ${run.runId} does not hold the messages that its turn names`,
          );
        }
        asked.forEach((want, i) => want.got.push(...(parts[i]?.messages ?? [])));
        const done = asked.filter(({ from, to, got }) => from + got.length >= to);
        for (const want of done) want.resolve(want.got.slice(0, want.to - want.from));
        remove(wants, done);
      } catch (error) {
        for (const want of asked) want.reject(error);
        remove(wants, asked);
      }
    }
    this.wants.delete(run.runId);
  }
}

function remove<T>(list: T[], gone: readonly T[]): void {
  for (const item of gone) list.splice(list.indexOf(item), 1);
}

/** One page. A run that is busy or has just lost its worker refuses queries for a moment: it is asked again. */
async function query(client: Client, run: RunRef, request: TranscriptRequest): Promise<TranscriptPage> {
  const handle = client.workflow.getHandle(run.workflowId, run.runId);
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.withDeadline(Date.now() + QUERY_DEADLINE_MS, () =>
        handle.query<TranscriptPage, [TranscriptRequest]>(TRANSCRIPT_QUERY, request),
      );
    } catch (cause) {
      if (attempt === QUERY_ATTEMPTS) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw failure('TranscriptUnavailable', `query of run ${run.runId} failed: ${reason}`, { cause });
      }
      await delay(QUERY_BACKOFF_MS * 2 ** (attempt - 1));
    }
  }
}
