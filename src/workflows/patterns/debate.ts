import type { Duration } from '@temporalio/common';
import type { Json } from '../../agents/json.js';
import { contain } from '../contain.js';
import { failure } from '../fail.js';
import type { Missing } from '../gather.js';
import { builtIn } from '../proxy-agents.js';
import { inSpan } from '../span.js';
import type { Chat, ChatMessage, NextTurn } from './chat.js';
import { groupChat, type Speaker } from './group-chat.js';
import { judgeBlind, type Judge, type Scored } from './judge-blind.js';
import { nameEach, type Several } from './name-each.js';

export interface DebateOptions {
  /** Turns of each side. Default 2. */
  rounds?: number;
  /** What sides argue for, by name. Without it a side argues what its agent's instructions say. */
  positions?: Readonly<Record<string, string>>;
  /** Scores the sides' cases, of which it does not know whose they are. Default: Baton's own judge. */
  judge?: Judge;
  /** By what it scores. Default: which case is the stronger one. */
  rubric?: string;
  /** How long one turn, and the judgement, may take. */
  timeout?: Duration;
}

export interface DebateResult<T> {
  /** The side with the highest score; absent where `undecided` says why. */
  winner?: string;
  undecided?: string;
  /** From 0 to 10 with the judge's reasons, best first. */
  scores: Omit<Scored<T>, 'output'>[];
  /** The record of the debate, failed turns included. */
  messages: ChatMessage<T>[];
  /** Sides whose last turn failed, and why. */
  missing: Missing[];
}

const RUBRIC =
  'Which case is the stronger one? Judge the reasons and evidence given for it and how well it answers what speaks against it, not whether you share the view.';

/**
 * Has sides argue about a topic in rounds, each of which another side begins, and a judge score their cases. Sides have one turn a
 * round, fewer only where they fail; that costs a side nothing but the turn, unless it said nothing at all.
 * @throws TooFewResults where no side said anything
 */
export function debate<T>(
  sides: Several<Speaker<T>>,
  topic: Json,
  options: DebateOptions = {},
): Promise<DebateResult<T>> {
  const { rounds = 2, positions = {}, timeout } = options;
  return inSpan('debate', async () => {
    const count = nameEach('debate', sides).length;
    if (count < 2) throw failure('ConfigInvalid', 'a debate has two sides or more');
    if (!Number.isInteger(rounds) || rounds < 1)
      throw failure('ConfigInvalid', `rounds: ${rounds} is no number of rounds`);
    const { messages, missing } = await groupChat(sides, topic, {
      next: (chat) => turnOf(chat, rounds, positions),
      max: rounds * count,
      // A side that fails keeps its turns: who is left out could not answer.
      failures: rounds,
      ...(timeout === undefined ? {} : { timeout }),
    });
    return { ...(await judged(messages, topic, options)), messages, missing };
  });
}

/** Whose turn it is: the side that begins moves on by one in each round. */
export function turnOf(
  { speakers, turn }: Pick<Chat, 'speakers' | 'turn'>,
  rounds: number,
  positions: Readonly<Record<string, string>>,
): NextTurn {
  const round = Math.ceil(turn / speakers.length);
  const place = (turn - 1 + round - 1) % speakers.length;
  const speaker = speakers[place] ?? '';
  const position = positions[speaker];
  const part =
    round === 1
      ? 'make your case'
      : `answer what speaks against your case, and strengthen it${round === rounds ? '; it is your last word' : ''}`;
  return {
    speaker,
    ask: `${position === undefined ? '' : `Your position: ${position}\n`}Round ${round} of ${rounds}: ${part}.`,
  };
}

/** The judge is shown each side's words in order, without names. */
async function judged<T>(
  messages: readonly ChatMessage<T>[],
  topic: Json,
  { judge = builtIn('judge'), rubric = RUBRIC, timeout }: DebateOptions,
): Promise<Pick<DebateResult<T>, 'winner' | 'undecided' | 'scores'>> {
  const cases = new Map<string, T[]>();
  for (const message of messages) {
    if (message.kind !== 'said') continue;
    cases.set(message.speaker, [...(cases.get(message.speaker) ?? []), message.output]);
  }
  const candidates = Array.from(cases, ([name, output]) => ({ name, output }));
  const [only] = candidates;
  if (only && candidates.length === 1) return { scores: [], undecided: `only ${only.name} said anything` };
  const outcome = await contain(
    () => inSpan('judge', () => judgeBlind({ judge, task: topic, rubric, candidates })),
    { timeout },
  );
  if (!outcome.ok) {
    const { code, message } = outcome.failure;
    return { scores: [], undecided: `the judge failed: ${code}: ${message}` };
  }
  const scores = outcome.value.map(({ name, score, reason }) => ({ name, score, reason }));
  const [first, second] = scores;
  if (!first || first.score === second?.score)
    return { scores, undecided: 'the judge gave the best the same score' };
  return { winner: first.name, scores };
}
