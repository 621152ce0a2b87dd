import { inSpan } from '../span.js';
import { until } from '../until.js';
import { askVoter, checkDiscussers, discussionOf, type Voter } from './ask-voter.js';
import { breakTie, type TieBreak, type TieRule } from './break-tie.js';
import { nameEach, type Several } from './name-each.js';
import { tallyOf, winnerOf, type Vote, type VoteOption, type VotingRule } from './tally.js';
import { checkWeights, holdRound, type VotingOptions, type VotingRound } from './voting-round.js';
import type { Missing } from '../gather.js';

export interface VoteOptions<Output> extends VotingOptions<Output> {
  /** When an option has won. Default `majority`: more than half of the weight of the votes given. */
  rule?: VotingRule;
  /** Rounds at most: in each after the first voters see the votes before it. Default 3 for `unanimous`, else 1. */
  rounds?: number;
  /** What is done where no option has won after the last round. Default `open`. */
  tie?: TieRule;
}

export interface VoteResult<Output> {
  /** The choice that has won; null where it stays open. */
  winner: string | null;
  /** The first voter's output for it. */
  output?: Output;
  /** Who decided. */
  by: 'votes' | TieBreak['by'];
  /** The options of the last round, greatest weight first. */
  tally: VoteOption[];
  /** Votes of the last round, in the voters' order. */
  votes: Vote<Output>[];
  /**
   * Who has no vote in the last round, and why. Besides: `discussion` where a further round failed, `chair` or `person` where they did not
   * break the tie.
   */
  missing: Missing[];
  /** Rounds that were held. */
  rounds: number;
  /** The rounds before the last. */
  earlier: VotingRound<Output>[];
}

/**
 * Has several decide by votes, after a discussion in rounds where there are to be some. A voter that fails has no vote in that round.
 * Where a further round fails, the one before it counts.
 * @throws `TooFewResults` where fewer votes than the quorum come in the first round; `ConfigInvalid` where a voter cannot hear the others
 */
export function vote<Input, Output>(
  voters: Several<Voter<Input, Output>>,
  input: Input,
  options: VoteOptions<Output> = {},
): Promise<VoteResult<Output>> {
  const { rule = 'majority', rounds: max = rule === 'unanimous' ? 3 : 1, tie = 'open', timeout } = options;
  return inSpan('vote', async () => {
    const named = nameEach('vote', voters);
    checkWeights(options.weights, named);
    if (max > 1) checkDiscussers(named);
    const held = await until<VotingRound<Output>>(
      (previous) =>
        holdRound(
          named,
          ({ name, fn }) => askVoter(fn, input, previous && discussionOf(name, previous.value.votes)),
          options,
        ),
      { accept: ({ votes }) => winnerOf(rule, tallyOf(votes)) !== undefined, max },
    );
    const { votes, missing } = held.value;
    const tally = tallyOf(votes);
    const won = winnerOf(rule, tally);
    const decision = won
      ? { winner: won.choice, by: 'votes' as const, missing: [] }
      : await breakTie(tally, input, tie, timeout);
    const chosen = votes.find(({ choice }) => choice === decision.winner);
    const stopped = held.failure ? [{ name: 'discussion', ...held.failure }] : [];
    return {
      ...decision,
      ...(chosen ? { output: chosen.output } : {}),
      tally,
      votes,
      missing: [...missing, ...stopped, ...decision.missing],
      rounds: held.rounds.length,
      earlier: held.rounds.slice(0, -1).map(({ value }) => value),
    };
  });
}
