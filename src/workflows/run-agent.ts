import type { Json } from '../agents/json.js';
import type { AssistantMessage } from '../agents/message.js';
import type { TurnAnswer } from '../agents/turn.js';
import type { Amount, Usage } from '../agents/usage.js';
import { AgentCall } from './agent-call.js';
import { failure } from './fail.js';
import { Ledger } from './ledger.js';
import { performCalls } from './perform-calls.js';
import { runState, type RunState } from './run-state.js';
import { openSpan } from './span.js';
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
  transcript: TranscriptHandle;
  agent: { name: string; version: string; model: string };
}

/** The agent loop: turn, tool calls, turn, until there is an output. */
export async function runAgent(
  name: string,
  input: Json,
  placement: AgentPlacement,
  options: AgentCallOptions,
): Promise<AgentResult<Json>> {
  const state = runState();
  const transcript = openTranscript(state, options.transcript);
  const ledger = options.budget ? new Ledger(options.budget, state.ledger) : state.ledger;
  const models = typeof options.model === 'string' ? [options.model] : options.model;
  const call = new AgentCall(name, openSpan(name), placement, transcript, ledger, models);
  if (options.context !== undefined) transcript.append({ role: 'user', content: options.context });
  transcript.append({ role: 'user', content: input });
  transcript.busy = true;
  try {
    const { output, answer } = await converse(state, call);
    return {
      output,
      usage: call.usage,
      cost: call.cost,
      transcript: { id: transcript.id, length: transcript.length },
      agent: { name, version: answer.version, model: answer.model },
    };
  } finally {
    transcript.busy = false;
    state.active.delete(call.span);
    state.refresh();
  }
}

async function converse(state: RunState, call: AgentCall): Promise<{ output: Json; answer: TurnAnswer }> {
  const { transcript } = call;
  for (let turn = 1; ; turn++) {
    state.active.set(call.span, `turn ${turn}`);
    state.refresh();
    const answer = await takeTurn(call, turn);
    if (answer.pin) call.version = answer.version;
    const { step, message } = answer;
    switch (step.kind) {
      case 'final':
        return { output: step.output ?? outputOf(message, step.json), answer };
      case 'repair':
        transcript.append(step.message, step.digest);
        break;
      case 'tools':
        state.active.set(call.span, `turn ${turn}, ${message.calls?.map(({ tool }) => tool).join(', ')}`);
        state.refresh();
        await performCalls(call, message.calls ?? [], step);
        break;
      default:
        step satisfies never;
    }
  }
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
