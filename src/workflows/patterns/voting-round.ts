import type { Duration } from '@temporalio/common';
import { failure } from '../fail.js';
import { gather, type Missing } from '../gather.js';
import type { NamedFunction } from './name-each.js';
import type { Vote } from './tally.js';
import { whyMissing } from '../why-missing.js';

export interface VotingOptions<Output> {
  /** How much votes count, by the voters' names. Default 1. */
  weights?: Readonly<Record<string, number>>;
  /** Votes that must come in a round. Default: more than half of the voters. */
  quorum?: number;
  /** What an output is for: outputs of the same key agree. Default: its field `choice`; else text itself, or the output's JSON. */
  key?: (output: Output) => string;
  /** Why, as the others are told. Default: the output's field `reason`. */
  reason?: (output: Output) => string | undefined;
  /** How long each voter, and the chair, may take. A person's time is the person's own `timeout`. */
  timeout?: Duration;
}

export interface VotingRound<Output> {
  /** In the voters' order. */
  votes: Vote<Output>[];
  /** Voters without a vote, and why. */
  missing: Missing[];
}

/** Has everybody vote once. @throws TooFewResults where fewer votes than the quorum come */
export async function holdRound<F, Output>(
  voters: readonly NamedFunction<F>[],
  ask: (voter: NamedFunction<F>) => Promise<Output>,
  options: VotingOptions<Output>,
): Promise<VotingRound<Output>> {
  const {
    quorum = Math.floor(voters.length / 2) + 1,
    timeout,
    key = keyOf,
    reason: reasonIn = reasonOf,
  } = options;
  const cast = async (voter: NamedFunction<F>): Promise<Vote<Output>> => {
    const output = await ask(voter);
    const reason = reasonIn(output);
    return {
      name: voter.name,
      choice: key(output),
      weight: options.weights?.[voter.name] ?? 1,
      ...(reason === undefined ? {} : { reason }),
      output,
    };
  };
  const branches = voters.map((voter) => ({ name: voter.name, run: () => cast(voter) }));
  const { results, missing } = await gather(branches, { need: 'bestEffort', timeout });
  const votes = results.filter((vote) => vote !== undefined);
  if (votes.length >= quorum) return { votes, missing };
  const what = `${votes.length} of ${voters.length} voted, needed: ${quorum}`;
  throw failure('TooFewResults', [what, whyMissing(missing)].filter(Boolean).join('; '), { missing });
}

/** @throws ConfigInvalid for a weight that is not positive, or is nobody's */
export function checkWeights(
  weights: Readonly<Record<string, number>> = {},
  voters: readonly { name: string }[],
): void {
  for (const [name, weight] of Object.entries(weights)) {
    if (!voters.some((voter) => voter.name === name))
      throw failure('ConfigInvalid', `vote: there is no voter "${name}" for a weight`);
    if (!(weight > 0 && weight < Infinity))
      throw failure('ConfigInvalid', `vote: ${weight} is no weight for "${name}"; give a number over 0`);
  }
}

function keyOf(output: unknown): string {
  const choice = fieldOf(output, 'choice') ?? output;
  return typeof choice === 'string' ? choice : JSON.stringify(sorted(choice));
}

function reasonOf(output: unknown): string | undefined {
  const reason = fieldOf(output, 'reason');
  return typeof reason === 'string' ? reason : undefined;
}

function fieldOf(output: unknown, name: string): unknown {
  return typeof output === 'object' && output !== null
    ? (output as Record<string, unknown>)[name]
    : undefined;
}

/** With its fields in one order, so that equal values have equal JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, field]) => [name, sorted(field)]));
}
