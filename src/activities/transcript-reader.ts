import type { AppendedMessage, TurnInput } from '../agents/turn.js';
import type { Message } from '../agents/message.js';
import { Conversation } from './conversation.js';
import { chain, digestOf } from './digest.js';
import { failure } from './fail.js';
import { prefixKey, type TranscriptCache } from './transcript-cache.js';
import type { RunRef, TranscriptFetcher } from './transcript-fetcher.js';

type Wanted = Pick<TurnInput, 'transcript' | 'base' | 'appended'>;

/**
 * Puts together the conversation that a turn is about: from the turn's input and what this worker remembers,
 * and, for what is missing, from the run itself.
 */
export class TranscriptReader {
  constructor(
    private readonly cache: TranscriptCache,
    private readonly fetcher: Pick<TranscriptFetcher, 'fetch'>,
  ) {}

  /** @throws TranscriptUnavailable (retryable) where the run cannot be read, or does not hold what the input says */
  async read(run: RunRef, wanted: Wanted): Promise<Conversation> {
    const key = prefixKey(run.runId, wanted.transcript);
    const known = this.cache.prefix(key) ?? Conversation.EMPTY;
    const base = wanted.base?.length ?? 0;
    const length = base + wanted.appended.length;
    const conversation =
      known.length >= length ? known.take(length) : await this.complete(run, known.take(base), wanted);
    if (isWanted(conversation, wanted)) {
      this.cache.rememberPrefix(key, conversation);
      return conversation;
    }
    // What was remembered is not what the run holds: the whole is read again.
    this.cache.forgetPrefix(key);
    const whole = Conversation.EMPTY.append(await this.fetcher.fetch(run, wanted.transcript, 0, length));
    if (isWanted(whole, wanted)) return whole;
    const place = `transcript ${wanted.transcript} of run ${run.runId}`;
    throw failure('TranscriptUnavailable', `${place} does not match its digests`);
  }

  /** Adds to what is known what the input and the cache hold, and fetches the rest, from the first gap on. */
  private async complete(
    run: RunRef,
    known: Conversation,
    { transcript, base, appended }: Wanted,
  ): Promise<Conversation> {
    const length = base?.length ?? 0;
    const found = known.length < length ? [] : this.leading(appended);
    const from = known.length + found.length;
    const to = length + appended.length;
    const rest = from < to ? await this.fetcher.fetch(run, transcript, from, to) : [];
    return known.append([...found, ...rest]);
  }

  /** The messages up to the first that is not at hand. */
  private leading(appended: readonly AppendedMessage[]): Message[] {
    const messages: Message[] = [];
    for (const entry of appended) {
      const message = typeof entry === 'string' ? this.cache.message(entry) : entry.message;
      if (!message) break;
      messages.push(message);
    }
    return messages;
  }
}

/** Whether the conversation is the one that the input means: the digest over it follows from the input's digests. */
function isWanted(conversation: Conversation, { base, appended }: Wanted): boolean {
  const head = appended.reduce<string>(
    (before, entry) => chain(before, typeof entry === 'string' ? entry : digestOf(entry.message)),
    base?.head ?? '',
  );
  return conversation.length === (base?.length ?? 0) + appended.length && conversation.head === head;
}
