/** A vote: what somebody is for, and why. */
export interface Vote<Output> {
  name: string;
  /** What it is for, as votes are compared. */
  choice: string;
  /** How much it counts. */
  weight: number;
  reason?: string;
  output: Output;
}

/** What votes are for, with their weight. */
export interface VoteOption {
  choice: string;
  /** Of all the votes for it. */
  weight: number;
  voters: string[];
  reasons: string[];
}

/** `plurality`: more than any other. `majority`: more than half of the votes given. `unanimous`: all votes given. */
export type VotingRule = 'majority' | 'plurality' | 'unanimous';

/** The options by weight, greatest first; level ones in the order in which the voters are given. */
export function tallyOf(votes: readonly Vote<unknown>[]): VoteOption[] {
  const options = new Map<string, VoteOption>();
  for (const { choice, name, weight, reason } of votes) {
    const option = options.get(choice) ?? { choice, weight: 0, voters: [], reasons: [] };
    option.weight = rounded(option.weight + weight);
    option.voters.push(name);
    if (reason !== undefined) option.reasons.push(reason);
    options.set(choice, option);
  }
  return [...options.values()].sort((a, b) => b.weight - a.weight);
}

/** The option that has won by the rule, if any. */
export function winnerOf(rule: VotingRule, tally: readonly VoteOption[]): VoteOption | undefined {
  const [first, second] = tally;
  const total = tally.reduce((sum, { weight }) => rounded(sum + weight), 0);
  switch (rule) {
    case 'plurality':
      return first && first.weight > (second?.weight ?? 0) ? first : undefined;
    case 'majority':
      return first && first.weight > total / 2 ? first : undefined;
    case 'unanimous':
      return second ? undefined : first;
    default:
      return rule satisfies never;
  }
}

/** Among which options a tie is decided: those level at the top; where one leads without having won, all. */
export function contendersOf(tally: readonly VoteOption[]): VoteOption[] {
  const level = tally.filter(({ weight }) => weight === tally[0]?.weight);
  return level.length > 1 ? level : [...tally];
}

/** Weights such as 0.1 and 0.2 add up to 0.3. */
function rounded(weight: number): number {
  return Math.round(weight * 1e9) / 1e9;
}
