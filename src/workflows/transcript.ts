import type { Json } from '../agents/json.js';
import type { Message } from '../agents/message.js';
import type { AppendedMessage, TranscriptPoint } from '../agents/turn.js';
import type { View } from '../agents/view.js';
import { byteLength } from './byte-length.js';
import { failure } from './fail.js';

/** A payload over 2 MB ends the run in Temporal; this leaves room for what travels beside the messages. */
const MAX_SENT_BYTES = 1_500_000;
/** Of what is handed over inside of a process. */
const MAX_HANDED_BYTES = 1_000_000;

/** Messages of a transcript from a place on, and their digests where an activity gave them. */
interface HandedOver {
  from: number;
  messages: readonly Message[];
  digests: readonly (string | undefined)[];
}

/**
 * The append-only list of messages of one agent conversation, and which of it the worker has been told by digest.
 */
export class Transcript {
  private readonly messages: Message[] = [];
  /** By place: digests of messages that an activity's result holds. */
  private readonly digests = new Map<number, string>();
  private base: TranscriptPoint | undefined;
  /** How much of it this worker's process was given; it starts anew where the workflow is rebuilt from history. */
  private handed = { length: 0, bytes: 0 };
  /** Whether an agent call is going on in it. */
  busy = false;
  /** Size of its messages as JSON. */
  bytes = 0;
  /** What models are shown of it; undefined: the whole. */
  view: View | undefined;

  /** @param skipped messages that its handles count and that were left behind in an earlier run */
  constructor(
    readonly id: number,
    readonly skipped = 0,
  ) {}

  get length(): number {
    return this.messages.length;
  }

  /** What a handle calls its length. */
  get end(): number {
    return this.skipped + this.length;
  }

  digestAt(place: number): string | undefined {
    return this.digests.get(place);
  }

  /** @param digest where an activity made the message: it is then never sent again */
  append(message: Message, digest?: string): void {
    const bytes = byteLength(message);
    if (digest !== undefined) this.digests.set(this.length, digest);
    else if (bytes > MAX_SENT_BYTES)
      throw failure('TooLarge', `a message to an agent has more than ${MAX_SENT_BYTES} bytes`);
    this.bytes += bytes;
    this.messages.push(message);
  }

  /** What the next turn is told: where the last one stood, and what came since. @throws TooLarge */
  news(): { base?: TranscriptPoint; appended: AppendedMessage[] } {
    const from = this.base?.length ?? 0;
    const appended = this.messages.slice(from).map((message, i) => this.digests.get(from + i) ?? { message });
    // Only then it can be too much: what is usual is not measured again.
    if (this.bytes > MAX_SENT_BYTES && byteLength(appended) > MAX_SENT_BYTES)
      throw failure('TooLarge', `what an agent is told at once has more than ${MAX_SENT_BYTES} bytes`);
    return { ...(this.base ? { base: this.base } : {}), appended };
  }

  /** What its turns have seen. */
  get known(): TranscriptPoint | undefined {
    return this.base;
  }

  /** A turn has seen everything so far, and gave the digest over it. */
  seen(head: string, length = this.length): void {
    this.base = { length, head };
  }

  /** Takes over another transcript up to a place, while it is itself empty; what is known of that need not be told again. */
  fork(other: Transcript, { length, known, view }: Pick<Transcript, 'length' | 'known' | 'view'>): void {
    this.take(other, 0, length);
    this.base = known;
    this.view = view;
  }

  /** Appends the messages of another transcript from a place on, up to another place. */
  take(other: Transcript, from: number, to = other.length): void {
    for (let place = from; place < to; place++) {
      const message = other.messages[place];
      if (message) this.append(message, other.digests.get(place));
    }
  }

  /** The input that the agent works on: the newest, without what was said to it in between. */
  get input(): Json {
    const message = this.messages.findLast(
      (candidate) =>
        candidate.role === 'user' && !candidate.repair && !candidate.summary && candidate.handoff !== 'note',
    );
    return message?.role === 'user' ? message.content : null;
  }

  /** What this worker's process was not given yet; none where it is too much for a hint. */
  handOver(what: 'new' | 'all' = 'new'): HandedOver {
    if (what === 'all') return this.handedFrom(0);
    const { length, bytes } = this.handed;
    this.handed = { length: this.length, bytes: this.bytes };
    return this.handedFrom(this.bytes - bytes <= MAX_HANDED_BYTES ? length : this.length);
  }

  private handedFrom(from: number): HandedOver {
    const messages = this.from(from);
    return { from, messages, digests: messages.map((_, i) => this.digests.get(from + i)) };
  }

  /** All messages from a place on. */
  from(place: number): Message[] {
    return this.messages.slice(place);
  }
}

/** All transcripts of a run, by number. */
export class Transcripts {
  private readonly byId = new Map<number, Transcript>();
  /** Number of the newest, over all runs: a handle of an earlier run must not fit another conversation. */
  last = 0;

  /** @param earlier messages of a conversation that it goes on with; the first turn is sent them in full, once */
  open(earlier: readonly Message[] = []): Transcript {
    const transcript = new Transcript(++this.last);
    this.byId.set(transcript.id, transcript);
    for (const message of earlier) transcript.append(message);
    return transcript;
  }

  /** Takes over a transcript of an earlier run. */
  add(transcript: Transcript): void {
    this.byId.set(transcript.id, transcript);
  }

  get(id: number): Transcript | undefined {
    return this.byId.get(id);
  }

  /** @throws TranscriptGone, TranscriptBusy */
  need(id: number): Transcript {
    const transcript = this.get(id);
    if (transcript) return transcript;
    if (id > this.last) throw failure('TranscriptBusy', `this run has no transcript ${id}`);
    throw failure('TranscriptGone', `transcript ${id} is of a run that this one continues as new`);
  }

  /** Numbers of all that the run holds. */
  get ids(): number[] {
    return [...this.byId.keys()];
  }
}
