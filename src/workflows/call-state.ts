import type { Note } from '../agents/note.js';
import type { Amount, Usage } from '../agents/usage.js';
import { AgentCall } from './agent-call.js';
import { cutTranscript, type CarriedMessage } from './cut-conversation.js';
import { HandoffChain } from './hand-off.js';
import { runState } from './run-state.js';
import type { AgentPlacement } from './take-turn.js';

/** An agent's call between two turns, as it goes over to the run that goes on with it. */
export interface CallState {
  /** Path of the call; and of the agent that has the conversation now, where it was handed over to it. */
  span: string;
  at?: string;
  /** How many spans of a name there have been below the call's, by their path: their numbers go on. */
  spans: Record<string, number>;
  /** Names of the agents that had the conversation. The last of them has it now. */
  path: string[];
  models?: string[];
  turns: number;
  model?: number;
  version?: string;
  thrifty?: true;
  quote?: Amount;
  usage: Usage;
  cost: number;
  notes: Note[];
  wrote?: true;
  messages: CarriedMessage[];
  /** How many messages there are that the parent does not have; absent where no parent waits for them. */
  fresh?: number;
}

const MAX_NOTES = 50;

/**
 * The state of a call between two turns.
 * @param keep bytes of the conversation
 * @returns with the size of the conversation that goes along
 */
export function stateOf(chain: HandoffChain, keep: number): { state: CallState; bytes: number } {
  const { first, current, path } = chain;
  const { messages, bytes } = cutTranscript(current.transcript, keep);
  const state: CallState = {
    span: first.span,
    ...(current.span === first.span ? {} : { at: current.span }),
    spans: runState().spansBelow(first.span),
    path: [...path],
    ...(first.models === undefined ? {} : { models: first.models }),
    turns: current.turns,
    ...(current.model === 0 ? {} : { model: current.model }),
    ...(current.version === undefined ? {} : { version: current.version }),
    ...(current.thrifty ? { thrifty: true } : {}),
    ...(current.quote === undefined ? {} : { quote: current.quote }),
    usage: first.usage,
    cost: first.cost,
    notes: first.notes.slice(0, MAX_NOTES),
    ...(first.hasWritten ? { wrote: true } : {}),
    messages,
  };
  return { state, bytes };
}

/** The call that a state is of, in this run. */
export function resumed(state: CallState, placement: AgentPlacement): HandoffChain {
  const { span, at, spans, path, models, turns, model = 0, version, quote, usage, cost, notes } = state;
  const run = runState();
  run.countOn(spans);
  const transcript = run.transcripts.open();
  for (const { message, digest } of state.messages) transcript.append(message, digest);
  const { depth = 0 } = run.options;
  const [name = '', ...rest] = path;
  const place = { placement, transcript, ledger: run.ledger, depth };
  const first = new AgentCall({ ...place, name, span, models });
  Object.assign(first, { usage: { ...usage }, cost, turns, hasWritten: state.wrote === true });
  first.notes.push(...notes);
  const last = rest.at(-1) ?? name;
  const current =
    at === undefined
      ? first
      : new AgentCall({
          ...place,
          name: last,
          span: at,
          models: last === name ? models : undefined,
          within: first,
        });
  Object.assign(current, { turns, model, version, quote, thrifty: state.thrifty === true });
  return HandoffChain.resume(first, current, path);
}
