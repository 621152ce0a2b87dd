import type { Client } from '@temporalio/client';
import type { Message } from '../agents/message.js';
import { describeRun, newestPages } from '../history/fetch-history.js';
import { payloadDecoder } from '../history/payloads.js';
import { decodeHistory } from '../trace/decode-history.js';
import type { HistoryEvent } from '../trace/history-event.js';
import { transcriptsOf } from '../trace/transcripts-of.js';
import { failure } from './fail.js';

export interface RunRef {
  workflowId: string;
  runId: string;
}

interface Want {
  transcript: number;
  from: number;
  to: number;
  resolve(messages: Message[]): void;
  reject(reason: unknown): void;
}

/**
 * Reads transcripts from the histories of the runs that own them, from the newest event back. A query would ask the run itself, but
 * Temporal's SDK may have it see events at a query that belong to its next workflow task, and order its commands otherwise than a
 * replay does (docs/decisions/016). What several turns of a run want at once is read together.
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
      const want = { transcript, from, to, resolve, reject };
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
      const asked = wants.splice(0); // what comes in meanwhile is read the next time
      await serveFrom(client, run, asked).catch((cause: unknown) => {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const error = failure('TranscriptUnavailable', `history of run ${run.runId}: ${reason}`, { cause });
        // What was served already takes no notice.
        for (const want of asked) want.reject(error);
      });
    }
    this.wants.delete(run.runId);
  }
}

/** Reads on until all that is wanted has been found. */
async function serveFrom(client: Client, run: RunRef, asked: readonly Want[]): Promise<void> {
  const decode = payloadDecoder(client, Infinity);
  let open = asked;
  let events: HistoryEvent[] = [];
  let looked = 0;
  const look = () => {
    looked = events.length;
    const transcripts = transcriptsOf(events);
    open = open.filter((want) => !serve(want, transcripts.get(want.transcript) ?? []));
  };
  for await (const page of newestPages(client, await describeRun(client, run))) {
    events = [...(await decodeHistory(page, decode)), ...events];
    // To look through all of them for each page would take ever longer.
    if (events.length < 2 * looked) continue;
    look();
    if (open.length === 0) return;
  }
  if (looked < events.length) look();
  if (open.length > 0) throw new Error('it does not hold the messages that a turn names');
}

/** Whether all that is wanted was there. */
function serve({ from, to, resolve }: Want, messages: readonly Message[]): boolean {
  for (let place = from; place < to; place++) if (!messages[place]) return false;
  resolve(messages.slice(from, to));
  return true;
}
