import { proxySinks, workflowInfo, type Sinks } from '@temporalio/workflow';
import type { Message } from '../agents/message.js';
import type { Transcript } from './transcript.js';

/** What workflow code tells the process that it runs in. */
export interface BatonSinks extends Sinks {
  baton: {
    /** The messages of a transcript from a place on, and their digests where an activity gave them. */
    remember(
      transcript: number,
      from: number,
      messages: readonly Message[],
      digests: readonly (string | undefined)[],
    ): void;
    /** Transcripts whose run ends. */
    forget(transcripts: readonly number[]): void;
  };
}

const { baton } = proxySinks<BatonSinks>();

/**
 * Gives this worker what its caches may lack, before a turn is scheduled: where the server dispatches the turn eagerly it comes
 * back to this very worker. It is a hint, outside of history, and changes nothing of what the workflow does.
 */
export function handOver(transcript: Transcript, what: 'new' | 'all' = 'new'): void {
  if (workflowInfo().unsafe.isReplaying) return;
  const { from, messages, digests } = transcript.handOver(what);
  if (messages.length > 0) baton.remember(transcript.id, from, messages, digests);
}

/** Has this worker's caches forget transcripts of a run that goes on in another one: a long chain of runs would fill them. */
export function forget(transcripts: readonly number[]): void {
  if (!workflowInfo().unsafe.isReplaying) baton.forget(transcripts);
}
