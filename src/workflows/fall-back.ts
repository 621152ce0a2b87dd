import type { Json } from '../agents/json.js';
import { roundUsd } from '../agents/round-usd.js';
import { addUsage } from '../agents/add-usage.js';
import { settle } from './contain.js';
import { withElsewhere } from './elsewhere.js';
import type { FailureInfo } from './fail.js';
import { noteOf } from './notes.js';
import { askForOutput, type FallbackQuestion } from './ask-for-output.js';
import type { Progress } from './progress.js';
import type { AgentResult } from './run-agent.js';
import type { AgentPlacement } from './take-turn.js';
import { runState } from './run-state.js';
import { spanOf } from './span.js';

/** What may stand for an agent that failed. */
export type Fallback<Input, Output> =
  /** Another agent, or any function from the input to an output. */
  | ((input: Input) => Promise<Output>)
  /** A fixed value. */
  | { value: Output }
  /** People, who approve with the output as their edits, or choose it among options. */
  | { person: FallbackQuestion };

export interface FallbackOption<Input, Output> {
  /** What is tried, in order, where the call fails. Each use of it is a note of the result and of the run. */
  fallback?: Fallback<Input, Output> | readonly Fallback<Input, Output>[];
}

interface FailedCall<Input, Output> {
  name: string;
  placement: AgentPlacement;
  input: Input;
  fallbacks: readonly Fallback<Input, Output>[];
}

/**
 * Runs an agent, and what is to stand for it where it fails.
 * @throws what the agent failed with, where nothing could stand for it
 */
export async function withFallbacks<Input, Output>(
  run: () => Promise<AgentResult<Output>>,
  { name, placement, input, fallbacks }: FailedCall<Input, Output>,
): Promise<AgentResult<Output>> {
  const state = runState();
  const place = spanOf(name);
  const before = state.spansOf(place);
  const begun = settle(() => withElsewhere(run));
  // It has opened its span, unless it cannot begin.
  const spans = state.spansOf(place);
  const at = spans > before ? `${place}.${spans}` : place;
  const first = await begun;
  if (first.ok) return first.value;
  const { code, message, progress } = first.failure;
  const failed = [progress];
  for (const fallback of fallbacks) {
    const stand = () => standIn(fallback, { name, placement }, input, first.failure);
    const outcome = await settle(() => withElsewhere(stand, fallback !== fallbacks.at(-1)));
    if (!outcome.ok) {
      failed.push(outcome.failure.progress);
      continue;
    }
    const { who, result } = outcome.value;
    const note = noteOf({ kind: 'fallback', at, instead: `${who} stands for it`, code, message });
    state.notes.add(note);
    return { ...failed.reduce(withSpent, result), notes: [note, ...result.notes] };
  }
  throw first.error;
}

/** What a failed call cost counts as well. */
function withSpent<Output>(result: AgentResult<Output>, spent: Progress | undefined): AgentResult<Output> {
  if (!spent) return result;
  const usage = addUsage(result.usage, spent.usage);
  return { ...result, usage, cost: roundUsd(result.cost + spent.cost) };
}

async function standIn<Input, Output>(
  fallback: Fallback<Input, Output>,
  failed: { name: string; placement: AgentPlacement },
  input: Input,
  why: FailureInfo,
): Promise<{ who: string; result: AgentResult<Output> }> {
  if (typeof fallback === 'function') {
    const who = 'agentName' in fallback ? String(fallback.agentName) : fallback.name || 'a function';
    if (isAgent<Input, Output>(fallback)) return { who, result: await fallback.run(input) };
    return { who, result: givenBy(who, await fallback(input)) };
  }
  if ('value' in fallback) return { who: 'a fixed value', result: givenBy('fixed value', fallback.value) };
  const { by = 'a person', output } = await askForOutput(fallback.person, failed, input as Json, why);
  return { who: by, result: givenBy(by, output as Output) };
}

function isAgent<Input, Output>(
  fn: (input: Input) => Promise<Output>,
): fn is ((input: Input) => Promise<Output>) & { run(input: Input): Promise<AgentResult<Output>> } {
  return 'run' in fn;
}

/** The result where no agent gave the output. */
function givenBy<Output>(name: string, output: Output): AgentResult<Output> {
  const { id, length } = runState().transcripts.open();
  return {
    output,
    usage: { input: 0, output: 0 },
    cost: 0,
    transcript: { id, length },
    notes: [],
    agent: { name, version: '', model: '', path: [] },
  };
}
