import { LRUCache } from 'lru-cache';
import type { Message } from '../agents/message.js';
import { Conversation } from './conversation.js';
import { digestOf } from './digest.js';
import { sizeOfMessage } from './message-size.js';

/** Under which a transcript's prefix is remembered. */
export function prefixKey(runId: string, transcript: number): string {
  return `${runId}/${transcript}`;
}

const OVERHEAD = 200; // of an entry, in bytes: key, digest, object headers

/**
 * What a worker remembers of transcripts, in two caches bounded in bytes. Both are hints: what is found is
 * checked by digest, and what is missing is fetched from the run.
 */
export class TranscriptCache {
  private readonly prefixes: LRUCache<string, Conversation>;
  private readonly messages: LRUCache<string, Message>;

  /** @param maxBytes bound of each of the two caches; a character counts as two bytes. */
  constructor(maxBytes: number) {
    this.prefixes = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ size, length }) => OVERHEAD + 2 * size + length * OVERHEAD,
    });
    this.messages = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: (message) => OVERHEAD + 2 * sizeOfMessage(message),
    });
  }

  /** What is remembered of the conversation; it may be shorter or longer than the one that is asked about. */
  prefix(key: string): Conversation | undefined {
    return this.prefixes.get(key);
  }

  rememberPrefix(key: string, conversation: Conversation): void {
    this.prefixes.set(key, conversation);
  }

  /**
   * Takes messages that follow the first `from` of a conversation; they are left where those are not remembered.
   * @param given their digests, where those are known
   */
  rememberFrom(
    key: string,
    from: number,
    messages: readonly Message[],
    given: readonly (string | undefined)[] = [],
  ): void {
    const known = from === 0 ? Conversation.EMPTY : this.prefixes.get(key)?.take(from);
    if (known?.length !== from) return;
    const digests = messages.map((message, place) => given[place] ?? digestOf(message));
    // They come as copies: what this worker made itself is not held twice.
    const own = messages.map((message, place) => this.messages.get(digests[place] ?? '') ?? message);
    this.prefixes.set(key, known.append(own, digests));
  }

  forgetPrefix(key: string): void {
    this.prefixes.delete(key);
  }

  /** Forgets a conversation that will not be asked about again, and its messages. */
  forget(key: string): void {
    for (const message of this.prefixes.get(key)?.messages ?? []) this.messages.delete(digestOf(message));
    this.prefixes.delete(key);
  }

  message(digest: string): Message | undefined {
    return this.messages.get(digest);
  }

  /** Remembers a message that this worker made, and gives its digest. */
  rememberMessage(message: Message): string {
    const digest = digestOf(message);
    this.messages.set(digest, message);
    return digest;
  }
}
