import { patched, workflowInfo } from '@temporalio/workflow';
import type { Json } from '../agents/json.js';
import type { Message } from '../agents/message.js';
import { shownOf } from '../agents/view.js';
import { byteLength } from './byte-length.js';
import { contain } from './contain.js';
import { isOutdated } from './deployment-version.js';
import { failure } from './fail.js';
import type { Answer } from './mailbox.js';
import { newestExchanges } from './newest-exchanges.js';
import type { AgentCallOptions, AgentResult, TranscriptHandle } from './run-agent.js';
import { runState } from './run-state.js';
import type { Transcript, Transcripts } from './transcript.js';

/** An agent's function, whatever its types. */
export interface AnyAgentFunction {
  readonly agentName: string;
  run(input: never, options?: AgentCallOptions): Promise<AgentResult<unknown>>;
}

export interface ConversationOptions extends Pick<AgentCallOptions, 'model'> {
  context?: Json | undefined;
  /** Bytes; less are kept where the context is large. */
  keep: number;
  messagesPerRun: number;
}

/** Bytes of context and conversation that a run begins with: they go to its first turn, which has 1.5 MB for them and the message. */
const MAX_BEGINNING = 1_000_000;
/** So that there is room for some conversation. */
const MAX_CONTEXT = 800_000;

/** The conversation of a session in this run, and what of it goes over into the next. */
export class SessionConversation {
  private readonly context: Message[];
  /** Bytes that are not to be weighed: the context is always there. */
  private readonly fixed: number;
  private readonly keep: number;
  private readonly transcripts: Transcripts;
  private at: TranscriptHandle;
  private count = 0;

  /**
   * @param carried what the run before kept
   * @throws TooLarge for the context
   */
  constructor(
    private readonly agent: AnyAgentFunction,
    private readonly options: ConversationOptions,
    carried: readonly Message[] = [],
  ) {
    const { context } = options;
    this.transcripts = runState().transcripts;
    this.context = context === undefined ? [] : [contextMessage(context)];
    this.fixed = byteLength(this.context);
    if (this.fixed > MAX_CONTEXT)
      throw failure('TooLarge', `the context of a session has more than ${MAX_CONTEXT} bytes`);
    this.keep = Math.min(options.keep, MAX_BEGINNING - this.fixed);
    this.at = placeOf(this.transcripts.open([...this.context, ...carried]));
  }

  /** Has the agent answer. Its failure is an answer as well, and no part of the conversation. */
  async answer(message: Json): Promise<Answer> {
    const { model } = this.options;
    const { known, view } = this.transcript;
    const outcome = await contain(() =>
      // What comes is checked by the agent's schema.
      this.agent.run(message as never, { transcript: this.at, ...(model === undefined ? {} : { model }) }),
    );
    this.count++;
    if (outcome.ok) {
      this.at = outcome.value.transcript;
      return { ok: true, value: outcome.value.output as Json };
    }
    const before = this.transcripts.open();
    before.fork(this.transcript, { length: this.at.length, known, view });
    this.at = placeOf(before);
    return { ok: false, failure: outcome.failure };
  }

  /** Whether the run should be continued as new before the next message. */
  get isDue(): boolean {
    const { messagesPerRun } = this.options;
    if (this.count === 0) return false;
    if (this.count >= messagesPerRun || workflowInfo().continueAsNewSuggested || isOutdated()) return true;
    return this.transcript.bytes - this.fixed > 2 * this.keep;
  }

  /** What the next run goes on with; the context is added again there. */
  kept(): Message[] {
    const { view } = this.transcript;
    // What was left out because it got too long is left behind; its summary comes along.
    const messages = shownOf(this.transcript.from(0), view).map(({ message }) => message);
    const isOpened = JSON.stringify(messages[0]) === JSON.stringify(this.context[0]);
    return newestExchanges(isOpened ? messages.slice(this.context.length) : messages, this.keep);
  }

  private get transcript(): Transcript {
    const transcript = this.transcripts.get(this.at.id);
    if (!transcript) throw failure('TranscriptBusy', `this run has no transcript ${this.at.id}`);
    return transcript;
  }
}

/** Sessions that began before there were pins go on without: their turns know the message as it was. */
function contextMessage(content: Json): Message {
  return { role: 'user', content, ...(patched('baton-pinned-context') ? { pinned: true } : {}) };
}

function placeOf({ id, length }: Transcript): TranscriptHandle {
  return { id, length };
}
