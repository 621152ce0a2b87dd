import type { Message } from '../agents/message.js';
import { inputPlaces, isPinned, isSummary, leftOutBy, shownOf } from '../agents/view.js';
import { byteLength } from './byte-length.js';
import type { Transcript } from './transcript.js';

/** A message as it goes over to another run; with the digest of one that an activity made, which is then not sent again. */
export interface CarriedMessage {
  message: Message;
  digest?: string;
}

interface Candidate extends CarriedMessage {
  /** Whether it stays however old it is. */
  isKept: boolean;
}

export interface CutConversation {
  messages: CarriedMessage[];
  /** Their size as JSON. */
  bytes: number;
}

/**
 * What of a transcript goes over to another run: of what models are shown of it the newest that fits the bytes, and what is pinned,
 * sums up, or is what the call works on.
 */
export function cutTranscript(transcript: Transcript, keep: number): CutConversation {
  const messages = transcript.from(0);
  const [first, last] = inputPlaces(messages) ?? [0, -1];
  const candidates = shownOf(messages, transcript.view).flatMap(({ message, place }) => {
    // A line that tells of what is left out is made anew.
    const isOwn = message === messages[place] || message.role === 'tool';
    if (!isOwn || leftOutBy(message) !== undefined) return [];
    const digest = message === messages[place] ? transcript.digestAt(place) : undefined;
    const isKept = isPinned(message) || isSummary(message) || (place >= first && place <= last);
    return [{ message, isKept, ...(digest === undefined ? {} : { digest }) }];
  });
  const isSaid = ({ message }: CarriedMessage) => !isSummary(message);
  const said = messages.filter((message) => !isSummary(message)).length;
  const before = sum(messages.map((message) => leftOutBy(message) ?? 0));
  return cutConversation(candidates, keep, before + said - candidates.filter(isSaid).length);
}

/**
 * The newest of a conversation that fits the bytes, and what is to be kept of the rest. A call and its results are not parted,
 * and the newest of them stay, also where they alone are more. What is left out is told by a line in its place.
 * @param before messages that were left out before
 */
export function cutConversation(
  candidates: readonly Candidate[],
  keep: number,
  before: number,
): CutConversation {
  const sizes = candidates.map(({ message }) => byteLength(message) + 1);
  const kept = sum(sizes.filter((_, i) => candidates[i]?.isKept));
  let from = candidates.findLastIndex(({ message }) => message.role !== 'tool');
  let bytes = kept;
  for (let i = candidates.length - 1; i >= 0; i--) {
    const candidate = candidates[i];
    if (!candidate) break;
    if (!candidate.isKept) bytes += sizes[i] ?? 0;
    if (bytes > keep) break;
    if (candidate.message.role !== 'tool') from = Math.min(from, i);
  }
  // Where nothing more is left out now, what was left out before stood behind what is kept.
  const begin = Math.max(
    from,
    candidates.findIndex(({ isKept }) => !isKept),
  );
  const front = candidates.slice(0, begin).filter(({ isKept }) => isKept);
  const newest = candidates.slice(begin);
  const count = before + candidates.length - front.length - newest.length;
  const messages = [...front, ...(count > 0 ? [omission(count)] : []), ...newest].map(
    ({ message, digest }) => ({ message, ...(digest === undefined ? {} : { digest }) }),
  );
  return { messages, bytes: sum(messages.map(({ message }) => byteLength(message) + 1)) };
}

export function omission(count: number): CarriedMessage {
  const what = count === 1 ? '1 message' : `${count} messages`;
  const content = `[${what} earlier in this conversation left out]`;
  return { message: { role: 'user', content, summary: true, leftOut: count } };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
