import type { Message } from '../agents/message.js';
import { chain, digestOf } from './digest.js';
import { sizeOfMessage } from './message-size.js';

/** An immutable list of messages that knows the digest over each of its prefixes. */
export class Conversation {
  static readonly EMPTY = new Conversation([], [], 0);

  private constructor(
    readonly messages: readonly Message[],
    /** `heads[i]` is the digest over the first `i + 1` messages. */
    private readonly heads: readonly string[],
    /** Size of the messages as JSON, in characters. */
    readonly size: number,
  ) {}

  get length(): number {
    return this.messages.length;
  }

  get head(): string {
    return this.heads.at(-1) ?? '';
  }

  /** Digest over the first `length` messages; undefined where there are fewer. */
  headAt(length: number): string | undefined {
    return length === 0 ? '' : this.heads[length - 1];
  }

  /** The first `length` messages, or all of them where there are fewer. */
  take(length: number): Conversation {
    if (length >= this.length) return this;
    const messages = this.messages.slice(0, length);
    return new Conversation(messages, this.heads.slice(0, length), sizeOf(messages));
  }

  /** @param digests of the messages, where they are known */
  append(messages: readonly Message[], digests: readonly string[] = messages.map(digestOf)): Conversation {
    const heads = [...this.heads];
    for (const digest of digests) heads.push(chain(heads.at(-1) ?? '', digest));
    return new Conversation([...this.messages, ...messages], heads, this.size + sizeOf(messages));
  }
}

function sizeOf(messages: readonly Message[]): number {
  return messages.reduce((size, message) => size + sizeOfMessage(message), 0);
}
