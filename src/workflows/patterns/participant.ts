import type { Duration } from '@temporalio/common';
import { contain, type Outcome } from '../contain.js';
import type { FailureInfo } from '../fail.js';
import { isAgentFunction } from '../proxy-agents.js';
import type { TranscriptHandle } from '../run-agent.js';
import type { Chat, ChatMessage } from './chat.js';

/**
 * One who takes part in a conversation. An agent keeps its own transcript and is told only what is new to it; a function has no
 * memory, and is told everything each time.
 */
export class Participant<In, T> {
  /** Failed turns in a row, and the last failure. */
  failures = 0;
  lastFailure: FailureInfo | undefined;
  private transcript: TranscriptHandle | undefined;
  /** Entries of the record that its transcript holds. */
  private heard = 0;

  constructor(
    readonly name: string,
    private readonly answer: (input: In) => Promise<T>,
  ) {}

  /**
   * A turn of its: its failure stays here, and so does a time-out.
   * @param read what its answer means; it throws a failure where the answer cannot be used
   */
  async turn<R>(
    chat: Chat,
    inputOf: (news: readonly ChatMessage[], isNew: boolean) => In,
    read: (output: T) => R,
    timeout?: Duration,
  ): Promise<Outcome<R>> {
    const { length } = chat.messages;
    const input = inputOf(this.news(chat), this.transcript === undefined);
    const outcome = await contain(() => this.call(input, read), { timeout });
    if (!outcome.ok) {
      this.failures++;
      this.lastFailure = outcome.failure;
      // It may end in the middle of a turn, so the next one begins another.
      this.transcript = undefined;
      this.heard = 0;
      return outcome;
    }
    const { value, transcript } = outcome.value;
    this.failures = 0;
    this.lastFailure = undefined;
    this.transcript = transcript;
    this.heard = transcript ? length : 0;
    return { ok: true, value };
  }

  /** What its transcript does not hold; its own words are there already. */
  private news({ messages }: Chat): ChatMessage[] {
    return messages
      .slice(this.heard)
      .filter(({ speaker, kind }) => speaker !== this.name || (!this.transcript && kind === 'said'));
  }

  private async call<R>(
    input: In,
    read: (output: T) => R,
  ): Promise<{ value: R; transcript?: TranscriptHandle }> {
    const { answer, transcript } = this;
    if (!isAgentFunction(answer)) return { value: read(await answer(input)) };
    const result = await answer.run(input, transcript ? { transcript } : {});
    return { value: read(result.output), transcript: result.transcript };
  }
}
