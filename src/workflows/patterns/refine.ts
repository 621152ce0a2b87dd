import type { Duration } from '@temporalio/common';
import type { Json } from '../../agents/json.js';
import { isAgentFunction } from '../proxy-agents.js';
import type { AgentCallOptions, TranscriptHandle } from '../run-agent.js';
import { inSpan } from '../span.js';
import { until, type Round, type UntilResult, type Verdict } from '../until.js';

/** What the critic is asked. */
export interface CriticInput<In, T> {
  task: In;
  draft: T;
}

/** A verdict as agents give it, whose schemas have null where something is left out. */
export interface CriticVerdict {
  accepted: boolean;
  /** How good the draft is, on any scale; more is better. Without it the last draft counts as the best. */
  score?: number | null | undefined;
  /** What is to be done better. */
  feedback?: string | null | undefined;
}

export interface RefineOptions<In, T, V extends Verdict> {
  /**
   * Writes the draft. An agent goes on with its transcript, so that its earlier drafts are before it: where its input is text it is
   * told the feedback only, else the feedback as context and its input again. A function is given the task, and what it
   * made last with the verdict on it.
   */
  writer: (task: In, previous?: Round<T, V>) => Promise<T>;
  /** The input with which a writer that is an agent goes on, instead of the above. */
  revise?: (previous: Round<T, V>, task: In) => In;
  /** Rounds at most: drafts, each with its verdict. */
  max: number;
  /** How long one round may take. */
  timeout?: Duration;
}

/**
 * Has a draft written, judged and written anew until it is accepted, so often at most, and gives the best, not the last. Where
 * the writer or the critic fails, the best so far is the result, and `failure` says so; a draft that could not be judged is not
 * accepted.
 * @throws the writer's failure in the first round
 */
export function refine<In, T>(
  task: In,
  options: RefineOptions<In, T, Verdict> & { critic: (input: CriticInput<In, T>) => Promise<CriticVerdict> },
): Promise<UntilResult<T>>;
/** @param options `verdict`: what a critic's answer of any type means */
export function refine<In, T, R, V extends Verdict>(
  task: In,
  options: RefineOptions<In, T, V> & {
    critic: (input: CriticInput<In, T>) => Promise<R>;
    verdict: (review: R, round: number) => V;
  },
): Promise<UntilResult<T, V>>;
export function refine<In, T>(
  task: In,
  options: RefineOptions<In, T, Verdict> & {
    critic: (input: CriticInput<In, T>) => Promise<CriticVerdict>;
    verdict?: (review: CriticVerdict, round: number) => Verdict;
  },
): Promise<UntilResult<T>> {
  const { writer, critic, verdict = plainVerdict, revise, max, timeout } = options;
  let transcript: TranscriptHandle | undefined;
  const write = async (previous: Round<T> | undefined): Promise<T> => {
    if (!isAgentFunction(writer)) return writer(task, previous);
    const [input, more] = previous ? revision(task, previous, revise) : [task, {}];
    const result = await writer.run(input, { ...more, ...(transcript ? { transcript } : {}) });
    transcript = result.transcript;
    return result.output;
  };
  const accept = async (draft: T, round: number) => verdict(await critic({ task, draft }), round);
  return inSpan('refine', () => until(write, { accept, max, timeout }));
}

function revision<In, T>(
  task: In,
  previous: Round<T>,
  revise: RefineOptions<In, T, Verdict>['revise'],
): [In, AgentCallOptions] {
  if (revise) return [revise(previous, task), {}];
  const { feedback = 'The reviewer gave no reasons.' } = previous.verdict;
  const frame =
    'Your last draft was not accepted. Write it anew as a whole, better. What the reviewer says of it:';
  // Where the task is text, the agent's input is.
  if (typeof task === 'string') return [`${frame}\n\n${feedback}` as In, {}];
  return [task, { context: { revise: frame, feedback } satisfies Json }];
}

function plainVerdict({ accepted, score, feedback }: CriticVerdict): Verdict {
  return {
    accepted,
    ...(typeof score === 'number' ? { score } : {}),
    ...(typeof feedback === 'string' ? { feedback } : {}),
  };
}
