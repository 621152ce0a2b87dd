import type { AppendedMessage, TurnInput } from '../agents/turn.js';
import type { Message } from '../agents/message.js';
import { Conversation } from './conversation.js';
import { digestOf } from './digest.js';
import { failure } from './fail.js';
import type { TranscriptCache } from './transcript-cache.js';
import type { RunRef, TranscriptFetcher } from './transcript-fetcher.js';

/**
 * Puts together the conversation that a turn is about: from the turn's input and what this worker remembers,
 * and, for what is missing, from the run itself.
 */
export class TranscriptReader {
  constructor(
    private readonly cache: TranscriptCache,
    private readonly fetcher: TranscriptFetcher,
  ) {}

  /** @throws TranscriptUnavailable (retryable) where the run cannot be read, or does not hold what the input says */
  async read(run: RunRef, input: Pick<TurnInput, 'transcript' | 'base' | 'appended'>): Promise<Conversation> {
    const key = `${run.runId}/${input.transcript}`;
    const conversation = (await this.fromPrefix(key, run, input)) ?? (await this.whole(run, input));
    this.cache.rememberPrefix(key, conversation);
    return conversation;
  }

  /** The usual way: what earlier turns saw is in the cache, and at most the end is fetched. */
  private async fromPrefix(key: string, run: RunRef, { transcript, base, appended }: ReadInput) {
    const prefix = base ? this.cache.prefix(key, base) : Conversation.EMPTY;
    if (!prefix) return undefined;
    const found = appended.map((entry) =>
      typeof entry === 'string' ? this.cache.message(entry) : entry.message,
    );
    const missing = found.indexOf(undefined);
    if (missing >= 0) {
      const from = prefix.length + missing;
      const rest = await this.fetcher.fetch(run, transcript, from, prefix.length + appended.length);
      found.splice(missing, rest.length, ...rest);
    }
    const messages = found.filter((message) => message !== undefined);
    return matches(messages, appended) ? prefix.append(messages) : undefined;
  }

  private async whole(run: RunRef, { transcript, base, appended }: ReadInput) {
    const prefixLength = base?.length ?? 0;
    const messages = await this.fetcher.fetch(run, transcript, 0, prefixLength + appended.length);
    const conversation = Conversation.EMPTY.append(messages);
    if (
      conversation.headAt(prefixLength) !== (base?.head ?? '') ||
      !matches(messages.slice(prefixLength), appended)
    ) {
      throw failure(
        'TranscriptUnavailable',
        `transcript ${transcript} of run ${run.runId} does not match its digests`,
      );
    }
    return conversation;
  }
}

type ReadInput = Pick<TurnInput, 'transcript' | 'base' | 'appended'>;

function matches(messages: readonly Message[], appended: readonly AppendedMessage[]): boolean {
  return (
    messages.length === appended.length &&
    appended.every((entry, i) => typeof entry !== 'string' || digestOf(messages[i]) === entry)
  );
}
