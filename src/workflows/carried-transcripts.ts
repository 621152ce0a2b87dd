import { cutTranscript, type CarriedMessage } from './cut-conversation.js';
import { Transcript, type Transcripts } from './transcript.js';

/** Conversations that go over to the run that a run is continued as. */
export interface CarriedTranscripts {
  /** Number of the newest of all. */
  last: number;
  kept?: { id: number; /** As handles count it. */ length: number; messages: CarriedMessage[] }[];
}

/** Bytes of all that go over together: they are one payload. */
const MAX_CARRIED = 1_000_000;

/**
 * What of a run's conversations goes over: those whose handles are among the next run's arguments, the newest of each where all
 * of them would be too much.
 */
export function carryTranscripts(
  transcripts: Transcripts,
  args: readonly unknown[],
): CarriedTranscripts | undefined {
  if (transcripts.last === 0) return undefined;
  const named = new Set(args.flatMap((arg) => handlesIn(arg)));
  const wanted = [...named].flatMap((id) => transcripts.get(id) ?? []);
  const kept = wanted.map((transcript) => {
    const { messages } = cutTranscript(transcript, Math.floor(MAX_CARRIED / wanted.length));
    return { id: transcript.id, length: transcript.end, messages };
  });
  return { last: transcripts.last, ...(kept.length > 0 ? { kept } : {}) };
}

/** Takes over what the run before carried. */
export function takeTranscripts(transcripts: Transcripts, { last, kept = [] }: CarriedTranscripts): void {
  transcripts.last = last;
  for (const { id, length, messages } of kept) {
    const transcript = new Transcript(id, length - messages.length);
    for (const { message, digest } of messages) transcript.append(message, digest);
    transcripts.add(transcript);
  }
}

/** Numbers in whatever in a value may be a transcript's handle. */
function handlesIn(value: unknown): number[] {
  if (typeof value !== 'object' || value === null) return [];
  const { id, length } = value as Record<string, unknown>;
  const own = !Array.isArray(value) && typeof id === 'number' && typeof length === 'number' ? [id] : [];
  return [...own, ...Object.values(value).flatMap((part) => handlesIn(part))];
}
