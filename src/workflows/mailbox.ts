import type { Json } from '../agents/json.js';
import { byteLength } from './byte-length.js';
import { failure, type FailureInfo } from './fail.js';
import { RecentIds } from './recent-ids.js';
import type { FailureCode } from '../agents/failures.js';

/** Answers that are kept for messages that are sent again: how many, and how many bytes of them. */
const MAX_ANSWERS = 200;
const MAX_ANSWER_BYTES = 250_000;
const MAX_ID_LENGTH = 200;

export type Answer = { ok: true; value: Json } | { ok: false; failure: FailureInfo };

/** A message that came to a session. */
export interface Letter {
  readonly id: string;
  readonly message: Json;
  answer?: Answer;
}

export interface CarriedMailbox {
  answered: number;
  answers: { id: string; answer: Answer }[];
  seen: string[];
}

/** How a handler waits until something holds. */
type Wait = (isMet: () => boolean) => Promise<unknown>;

/** The messages of a session: each id is answered once, in order of arrival. The state behind the handler of the Update. */
export class Mailbox {
  /** Messages answered in all, over all runs. */
  answered: number;
  /** Handlers whose message has no answer yet. */
  private waiting = 0;
  private readonly queue: Letter[] = [];
  private readonly answers = new Map<string, { answer: Answer; bytes: number }>();
  private bytes = 0;
  private readonly seen: RecentIds;
  private state: 'open' | 'moving' | 'closed' = 'open';

  constructor(carried?: CarriedMailbox) {
    this.answered = carried?.answered ?? 0;
    this.seen = new RecentIds(carried?.seen);
    for (const { id, answer } of carried?.answers ?? []) this.keep(id, answer);
  }

  /** The oldest message without an answer. */
  get next(): Letter | undefined {
    return this.queue[0];
  }

  get isClosed(): boolean {
    return this.state === 'closed';
  }

  get isMoving(): boolean {
    return this.state === 'moving';
  }

  /** Whether nobody waits for an answer. */
  get isQuiet(): boolean {
    return this.waiting === 0;
  }

  /** Takes a message and gives its answer; the same id gets the same. @throws the failure that is its answer */
  async send(raw: unknown, wait: Wait): Promise<Json> {
    const letter = this.receive(raw);
    this.waiting++;
    try {
      await wait(() => letter.answer !== undefined);
    } finally {
      this.waiting--;
    }
    if (letter.answer?.ok) return letter.answer.value;
    const { code, message, details } = letter.answer?.failure ?? { code: 'SessionClosed', message: '' };
    // A failed agent call is typed by its code, whoever threw it.
    throw failure(code as FailureCode, message, details);
  }

  /** Checks what comes from outside. @throws MessageInvalid, SessionMoving, SessionClosed, AnswerForgotten */
  check(raw: unknown): { id: string; message: Json } {
    const read = readMessage(raw);
    const { id } = read;
    if (this.answers.has(id) || this.queue.some((letter) => letter.id === id)) return read;
    if (this.seen.has(id)) throw failure('AnswerForgotten', `message ${id}`);
    if (this.state === 'moving')
      throw failure('SessionMoving', 'the session is being continued as a new run');
    if (this.state === 'closed') throw failure('SessionClosed', 'the session takes no more messages');
    return read;
  }

  private receive(raw: unknown): Letter {
    const { id, message } = this.check(raw);
    const known = this.queue.find((letter) => letter.id === id);
    if (known) return known;
    const kept = this.answers.get(id);
    if (kept) return { id, message, answer: kept.answer };
    this.seen.add(id);
    const letter = { id, message };
    this.queue.push(letter);
    return letter;
  }

  /** Answers the oldest message. */
  answer(letter: Letter, answer: Answer): void {
    letter.answer = answer;
    this.queue.splice(this.queue.indexOf(letter), 1);
    this.answered++;
    this.keep(letter.id, answer);
  }

  /** Takes no new message any more: the next run will. */
  move(): void {
    if (this.state === 'open') this.state = 'moving';
  }

  /** Takes no new message any more. What has come is still to be answered. */
  close(): void {
    this.state = 'closed';
  }

  /** Ends without answering: all that wait are told why. */
  abandon(failure: FailureInfo): void {
    this.close();
    for (const letter of this.queue.splice(0)) {
      letter.answer = { ok: false, failure };
    }
  }

  carry(): CarriedMailbox {
    const answers = [...this.answers].map(([id, { answer }]) => ({ id, answer }));
    return { answered: this.answered, answers, seen: this.seen.all };
  }

  private keep(id: string, answer: Answer): void {
    const bytes = byteLength(answer);
    this.answers.set(id, { answer, bytes });
    this.bytes += bytes;
    for (const [oldest, kept] of this.answers) {
      if (this.answers.size <= MAX_ANSWERS && this.bytes <= MAX_ANSWER_BYTES) break;
      this.answers.delete(oldest);
      this.bytes -= kept.bytes;
    }
  }
}

function readMessage(raw: unknown): { id: string; message: Json } {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw invalid();
  const { id, message } = raw as Record<string, unknown>;
  if (typeof id !== 'string' || id === '' || id.length > MAX_ID_LENGTH || message === undefined)
    throw invalid();
  // It came as JSON.
  return { id, message: message as Json };
}

function invalid() {
  return failure('MessageInvalid', 'a message to a session is { "id": "...", "message": ... }');
}
