import { AGENT_LIMITS } from '../agents/agent-limits.js';
import type { ToolCall } from '../agents/message.js';
import { HANDOFF_NOTE } from '../agents/names.js';
import { textArgument } from '../agents/tool-arguments.js';
import type { NextStep } from '../agents/turn.js';
import { AgentCall } from './agent-call.js';
import { failure } from './fail.js';
import type { RunInnerAgent } from './inner-agent.js';
import { runState } from './run-state.js';
import { openSpan } from './span.js';
import type { Transcript } from './transcript.js';

export type HandoffStep = Extract<NextStep, { kind: 'handoff' }>;

/** The agents that have the conversation of one call, one after another. */
export class HandoffChain {
  /** Names of the agents, in the order in which they had the conversation. */
  readonly path: string[] = [];
  current: AgentCall;
  /** Of each agent, the last time that it had the conversation. */
  private readonly last = new Map<string, AgentCall>();
  /** How much of one transcript another one holds, by their numbers. */
  private readonly shared = new Map<string, number>();

  /** @param first the call of the agent that was called */
  constructor(readonly first: AgentCall) {
    this.current = this.enter(first);
  }

  /** Goes on with a chain in another run. Only the transcript of the agent that has the conversation goes along. */
  static resume(first: AgentCall, current: AgentCall, path: readonly string[]): HandoffChain {
    const chain = new HandoffChain(first);
    if (current !== first) chain.current = chain.enter(current);
    chain.path.splice(0, chain.path.length, ...path);
    return chain;
  }

  /**
   * Hands the conversation over to another agent, with what the step says of it. An agent that had it before goes on in the
   * transcript that it had then.
   * @throws LimitReached, and what the summariser fails with
   */
  async handOff(step: HandoffStep, call: ToolCall | undefined, runInner: RunInnerAgent): Promise<void> {
    const { name } = this.current;
    const limit = step.limit ?? AGENT_LIMITS.handoffs;
    if (this.path.length > limit) {
      const path = this.path.join(' → ');
      throw failure(
        'LimitReached',
        `${name} may not hand over to ${step.to}: limits.handoffs is ${limit}, and it went ${path}`,
      );
    }
    const transcript = await this.transcriptFor(step, call, runInner);
    const { first } = this;
    const before = this.last.get(step.to);
    const next = new AgentCall({
      name: step.to,
      span: openSpan(step.to, first.span),
      placement: first.placement,
      transcript,
      ledger: first.ledger,
      // The models that a call asks for are those of the agent that it calls.
      models: step.to === first.name ? first.models : undefined,
      depth: first.depth,
      within: first,
    });
    if (before) next.resume(before);
    this.current = this.enter(next);
  }

  /**
   * The transcript to go on from: that of the agent that was called, so that nothing before the call is forgotten. Where another one
   * has the answer it is told here too.
   */
  finish(): Transcript {
    const { transcript } = this.first;
    const last = this.current.transcript;
    if (last !== transcript) transcript.take(last, last.length - 1);
    return transcript;
  }

  /** The call has ended: its transcripts are free for other calls. */
  release(): void {
    for (const { transcript } of this.last.values()) transcript.busy = false;
  }

  private enter(call: AgentCall): AgentCall {
    this.path.push(call.name);
    this.last.set(call.name, call);
    call.transcript.busy = true;
    return call;
  }

  /** The transcript that the next agent goes on in, with all that it is to be told. */
  private async transcriptFor(
    step: HandoffStep,
    call: ToolCall | undefined,
    runInner: RunInnerAgent,
  ): Promise<Transcript> {
    const from = this.current.transcript;
    const own = this.last.get(step.to)?.transcript;
    if (own === from || (!own && step.keep === 'all')) return from;
    const summary = step.keep === 'summary' ? await this.summaryFor(step, runInner) : undefined;
    const to = own ?? runState().transcripts.open();
    if (step.keep === 'all') to.take(from, this.shared.get(keyOf(from, to)) ?? 0);
    else to.append({ role: 'user', content: noteOf(this.current.name, call, summary), handoff: 'note' });
    if (!own) to.append({ role: 'user', content: from.input, handoff: 'input' });
    this.shared.set(keyOf(from, to), from.length);
    this.shared.set(keyOf(to, from), to.length);
    return to;
  }

  /** The summariser goes on from a fork of the conversation, of which nothing is recorded again. */
  private async summaryFor({ to, summariser = '' }: HandoffStep, runInner: RunInnerAgent): Promise<string> {
    const { first, current } = this;
    const fork = runState().transcripts.open();
    fork.fork(current.transcript, current.transcript);
    const { output } = await runInner(
      summariser,
      `Sum up the conversation above for ${to}, which goes on with it in place of ${current.name}.`,
      { transcript: { id: fork.id, length: fork.length } },
      { within: first, ledger: first.ledger, span: openSpan(summariser, first.span), depth: first.depth },
    );
    return typeof output === 'string' ? output : JSON.stringify(output);
  }
}

function keyOf(from: Transcript, to: Transcript): string {
  return `${from.id}>${to.id}`;
}

/** What the agent is told that takes over without the conversation itself. */
function noteOf(from: string, call: ToolCall | undefined, summary: string | undefined): string {
  const said = textArgument(call?.arguments ?? '', 'message');
  return [
    `${HANDOFF_NOTE} ${from}.`,
    ...(said === undefined ? [] : [`It says: ${said}`]),
    ...(summary === undefined ? [] : [`The conversation so far, in short:\n${summary}`]),
  ].join('\n');
}
