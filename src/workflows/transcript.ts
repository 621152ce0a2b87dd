import type { Message } from '../agents/message.js';
import type { TranscriptPage, TranscriptRequest } from '../agents/transcript-query.js';
import type { AppendedMessage, TranscriptPoint } from '../agents/turn.js';
import { failure } from './fail.js';

/** A payload over 2 MB fails in Temporal; this leaves room for what travels beside the message. */
const MAX_MESSAGE_BYTES = 1_500_000;
/** A query's answer is one payload as well. */
const PAGE_BYTES = 1_000_000;

/**
 * The append-only list of messages of one agent conversation, and which of it the worker has been told by digest.
 */
export class Transcript {
  private readonly messages: Message[] = [];
  /** By place: digests of messages that an activity's result holds. */
  private readonly digests = new Map<number, string>();
  private base: TranscriptPoint | undefined;
  /** How many messages this worker's process was given; it starts anew where the workflow is rebuilt from history. */
  private handed = 0;
  /** Whether an agent call is going on in it. */
  busy = false;

  constructor(readonly id: number) {}

  get length(): number {
    return this.messages.length;
  }

  /** @param digest where an activity made the message: it is then never sent again */
  append(message: Message, digest?: string): void {
    if (digest !== undefined) this.digests.set(this.length, digest);
    else checkSize(message);
    this.messages.push(message);
  }

  /** What the next turn is told: where the last one stood, and what came since. */
  news(): { base?: TranscriptPoint; appended: AppendedMessage[] } {
    const from = this.base?.length ?? 0;
    const appended = this.messages.slice(from).map((message, i) => this.digests.get(from + i) ?? { message });
    return { ...(this.base ? { base: this.base } : {}), appended };
  }

  /** A turn has seen everything so far, and gave the digest over it. */
  seen(head: string, length = this.length): void {
    for (let i = this.base?.length ?? 0; i < length; i++) this.digests.delete(i);
    this.base = { length, head };
  }

  /** What this worker's process was not given yet; none where it is too much for a hint. */
  handOver(): { from: number; messages: readonly Message[] } {
    const from = this.handed;
    const { messages } = this.page(from, PAGE_BYTES, false);
    this.handed = this.length;
    return { from, messages: from + messages.length === this.length ? messages : [] };
  }

  /** The messages from a place on, as many as fit `budget` bytes, at least one where `first`. */
  page(from: number, budget: number, first: boolean): { messages: Message[]; bytes: number } {
    const messages: Message[] = [];
    let bytes = 0;
    for (const message of this.messages.slice(from)) {
      bytes += byteLength(message);
      if (bytes > budget && !(first && messages.length === 0)) break;
      messages.push(message);
    }
    return { messages, bytes };
  }
}

/** All transcripts of a run, by number. */
export class Transcripts {
  private readonly list: Transcript[] = [];

  open(): Transcript {
    const transcript = new Transcript(this.list.length + 1);
    this.list.push(transcript);
    return transcript;
  }

  get(id: number): Transcript | undefined {
    return this.list[id - 1];
  }

  /** Answers a worker's query. */
  page(request: TranscriptRequest): TranscriptPage {
    let left = PAGE_BYTES;
    return request.map(({ transcript, from }) => {
      const page = this.get(transcript)?.page(from, left, left === PAGE_BYTES) ?? { messages: [], bytes: 0 };
      left = Math.max(0, left - page.bytes);
      return { transcript, from, messages: page.messages };
    });
  }
}

const encoder = new TextEncoder();

function byteLength(message: Message): number {
  return encoder.encode(JSON.stringify(message)).length;
}

function checkSize(message: Message): void {
  const text = JSON.stringify(message);
  // A character has at most three bytes in UTF-8: most messages need no counting.
  if (text.length * 3 > MAX_MESSAGE_BYTES && encoder.encode(text).length > MAX_MESSAGE_BYTES) {
    throw failure('TooLarge', `a message to an agent has more than ${MAX_MESSAGE_BYTES} bytes`);
  }
}
