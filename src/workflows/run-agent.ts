import type { Json } from '../agents/json.js';
import type { AssistantMessage, ToolCall } from '../agents/message.js';
import type { Note } from '../agents/note.js';
import type { Budget, Usage } from '../agents/usage.js';
import { AgentCall } from './agent-call.js';
import { resumed, type CallState } from './call-state.js';
import { failure, type InputRejection } from './fail.js';
import { HandoffChain } from './hand-off.js';
import type { RunInnerAgent, Within } from './inner-agent.js';
import { Ledger } from './ledger.js';
import { isToMove, movedEnd, moveOn, type CallEnd, type CallPlace, type MovedEnd } from './move-on.js';
import { performCalls, type CallsStep } from './perform-calls.js';
import { withProgress } from './progress.js';
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
  /**
   * Keeps what this call says, input and context, in what models are shown of the conversation, also in later calls and however
   * long it gets. What the call itself works on is always shown.
   */
  pinned?: boolean;
  /** Limit of this call, within the run's. */
  budget?: Budget;
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
  /** What did not go as it should on the way: other models, fall-backs. Empty where all went well. */
  notes: Note[];
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
 * @param place where the call is a part of another one's; `own` where it is all that its run does
 */
export function runAgent(
  name: string,
  input: Json,
  placement: AgentPlacement,
  options: AgentCallOptions,
  place?: Within | 'own',
): Promise<AgentResult<Json>> {
  const within = place === 'own' ? undefined : place;
  const kind = place === 'own' ? 'own' : within ? 'inner' : 'part';
  return toEnd(() => begun(name, input, placement, options, within), { kind });
}

/** Goes on with a call that began in another run, which is all that this one does. */
export async function resumeAgent(
  state: CallState,
  placement: AgentPlacement,
): Promise<AgentResult<Json> | MovedEnd> {
  const chain = resumed(state, placement);
  const result = await toEnd(() => chain, { kind: 'own', state });
  return state.fresh === undefined ? result : movedEnd(result, chain, state);
}

function begun(
  name: string,
  input: Json,
  placement: AgentPlacement,
  options: AgentCallOptions,
  place: Within | undefined,
): HandoffChain {
  const state = runState();
  const transcript = openTranscript(state, options.transcript);
  const {
    within,
    span = openSpan(name),
    ledger: above = state.ledger,
    depth = state.options.depth ?? 0,
    whole = false,
  } = place ?? {};
  const ledger = options.budget ? new Ledger(options.budget, above) : above;
  const models = typeof options.model === 'string' ? [options.model] : options.model;
  const call = new AgentCall({ name, span, placement, transcript, ledger, models, depth, within, whole });
  const pinned = options.pinned ? { pinned: true as const } : {};
  if (options.context !== undefined) transcript.append({ role: 'user', content: options.context, ...pinned });
  transcript.append({ role: 'user', content: input, ...pinned });
  return new HandoffChain(call);
}

async function toEnd(open: () => HandoffChain, place: CallPlace): Promise<AgentResult<Json>> {
  const chain = open();
  const state = runState();
  const call = chain.first;
  try {
    const { output, agent } = await converse(state, chain, place);
    const { id, end } = chain.finish();
    return {
      output,
      usage: call.usage,
      cost: call.cost,
      transcript: { id, length: end },
      notes: call.notes,
      agent: { ...agent, path: chain.path },
    };
  } catch (error) {
    const { id, end } = chain.current.transcript;
    const { usage, cost, turns } = call;
    const wrote = call.hasWritten ? { wrote: true as const } : {};
    throw withProgress(error, () => ({ transcript: { id, length: end }, usage, cost, turns, ...wrote }));
  } finally {
    chain.release();
    state.active.delete(chain.current.span);
    state.refresh();
  }
}

async function converse(state: RunState, chain: HandoffChain, place: CallPlace): Promise<CallEnd> {
  for (let taken = 0; ; taken++) {
    // Without a wait where it goes on here: it would change the order of what runs beside it.
    const end = isToMove(chain, place, taken) ? await moveOn(chain, place) : undefined;
    if (end) return end;
    const call = chain.current;
    show(state, call, `turn ${call.turns + 1}`);
    const answer = await takeTurn(call, innerAgent(call));
    if (answer.pin) call.version = answer.version;
    const { step, message } = answer;
    const { calls = [] } = message;
    switch (step.kind) {
      case 'final':
        return {
          output: step.output ?? outputOf(message, step.json),
          agent: {
            name: call.name,
            version: answer.version,
            model: answer.model,
            ...(answer.modelName === undefined ? {} : { modelName: answer.modelName }),
            ...(answer.offline ? { offline: true } : {}),
          },
        };
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
  const transcript = transcripts.need(handle.id);
  if (transcript.busy) throw failure('TranscriptBusy', `another call is going on in transcript ${handle.id}`);
  if (transcript.end !== handle.length) {
    throw failure(
      'TranscriptBusy',
      `transcript ${handle.id} has gone on since: ${transcript.end} messages, not ${handle.length}`,
    );
  }
  return transcript;
}
