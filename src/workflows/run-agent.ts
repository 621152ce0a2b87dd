import type { Json } from '../agents/json.js';
import type { AssistantMessage, ToolCall } from '../agents/message.js';
import type { TurnAnswer } from '../agents/turn.js';
import type { Amount, Usage } from '../agents/usage.js';
import { AgentCall } from './agent-call.js';
import { failure, type InputRejection } from './fail.js';
import { HandoffChain } from './hand-off.js';
import type { RunInnerAgent, Within } from './inner-agent.js';
import { Ledger } from './ledger.js';
import { performCalls, type CallsStep } from './perform-calls.js';
import { runState, type RunState } from './run-state.js';
import { belowSpan, openSpan, parentSpan } from './span.js';
import { takeTurn, type AgentPlacement } from './take-turn.js';
import type { Transcript } from './transcript.js';

/** A place in a conversation, to go on from in the same run. */
export interface TranscriptHandle {
  id: number;
  /** Messages in it. */
  length: number;
}

export interface AgentCallOptions {
  /** Goes on with the conversation of an earlier result. */
  transcript?: TranscriptHandle;
  /** Shown to the agent before its input: documents, notes, what others found. */
  context?: Json;
  /** Limit of this call, within the run's. */
  budget?: Amount;
  /** Alias of a model, or several in order of fall-back, instead of the agent's own. */
  model?: string | string[];
}

export interface AgentResult<Output> {
  output: Output;
  usage: Usage;
  /** US dollars; models without a price count nothing. */
  cost: number;
  /** Of the agent that was called, with the answer, whoever gave it. */
  transcript: TranscriptHandle;
  agent: {
    name: string;
    version: string;
    /** Alias of the model that answered last. */
    model: string;
    /** The provider's name for it, where that differs. */
    modelName?: string;
    /** Whether the built-in offline model stood in for it. */
    offline?: true;
    /** Names of the agents that had the conversation, in order: more than one where it was handed over. */
    path: string[];
  };
}

/**
 * The agent loop: turn, tool calls, turn, until there is an output.
 * @param place where the call is a part of another one's
 */
export async function runAgent(
  name: string,
  input: Json,
  placement: AgentPlacement,
  options: AgentCallOptions,
  place?: Within,
): Promise<AgentResult<Json>> {
  const state = runState();
  const transcript = openTranscript(state, options.transcript);
  const {
    within,
    span = openSpan(name),
    ledger: above = state.ledger,
    depth = state.options.depth ?? 0,
  } = place ?? {};
  const ledger = options.budget ? new Ledger(options.budget, above) : above;
  const models = typeof options.model === 'string' ? [options.model] : options.model;
  const call = new AgentCall({ name, span, placement, transcript, ledger, models, depth, within });
  if (options.context !== undefined) transcript.append({ role: 'user', content: options.context });
  transcript.append({ role: 'user', content: input });
  const chain = new HandoffChain(call);
  try {
    const { output, answer } = await converse(state, chain);
    const last = chain.current;
    const { id, length } = chain.finish();
    return {
      output,
      usage: call.usage,
      cost: call.cost,
      transcript: { id, length },
      agent: {
        name: last.name,
        version: answer.version,
        model: answer.model,
        ...(answer.modelName === undefined ? {} : { modelName: answer.modelName }),
        ...(answer.offline ? { offline: true } : {}),
        path: chain.path,
      },
    };
  } finally {
    chain.release();
    state.active.delete(chain.current.span);
    state.refresh();
  }
}

async function converse(state: RunState, chain: HandoffChain): Promise<{ output: Json; answer: TurnAnswer }> {
  for (;;) {
    const call = chain.current;
    show(state, call, `turn ${call.turns + 1}`);
    const answer = await takeTurn(call);
    if (answer.pin) call.version = answer.version;
    const { step, message } = answer;
    const { calls = [] } = message;
    switch (step.kind) {
      case 'final':
        return { output: step.output ?? outputOf(message, step.json), answer };
      case 'repair':
        call.transcript.append(step.message, step.digest);
        break;
      case 'tools':
        await perform(state, call, calls, step);
        break;
      case 'handoff':
        await perform(state, call, calls, step);
        await chain.handOff(step, calls[step.call], innerAgent(call));
        state.active.delete(call.span);
        break;
      case 'inputRejected':
        throw failure('InputRejected', `${call.name} rejects its input: ${step.reason}`, {
          agent: call.name,
          reason: step.reason,
        } satisfies InputRejection);
      default:
        step satisfies never;
    }
  }
}

function perform(
  state: RunState,
  call: AgentCall,
  calls: readonly ToolCall[],
  step: CallsStep,
): Promise<void> {
  show(state, call, `turn ${call.turns}, ${calls.map(({ tool }) => tool).join(', ')}`);
  // Questions to people stand beside the agent that asks.
  return belowSpan(parentSpan(call.span), () => performCalls(call, calls, step, innerAgent(call)));
}

/** Runs an agent as a part of the call, with the same placement. */
function innerAgent({ placement }: AgentCall): RunInnerAgent {
  return (name, input, options, place) => runAgent(name, input, placement, options, place);
}

function show(state: RunState, { span }: AgentCall, what: string): void {
  state.active.set(span, what);
  state.refresh();
}

function outputOf({ text = '' }: AssistantMessage, isJson: boolean | undefined): Json {
  return isJson ? (JSON.parse(text) as Json) : text;
}

function openTranscript({ transcripts }: RunState, handle: TranscriptHandle | undefined): Transcript {
  if (!handle) return transcripts.open();
  const transcript = transcripts.get(handle.id);
  if (!transcript) throw failure('TranscriptBusy', `this run has no transcript ${handle.id}`);
  if (transcript.busy) throw failure('TranscriptBusy', `another call is going on in transcript ${handle.id}`);
  if (transcript.length !== handle.length) {
    throw failure(
      'TranscriptBusy',
      `transcript ${handle.id} has gone on since: ${transcript.length} messages, not ${handle.length}`,
    );
  }
  return transcript;
}
