import type { Context } from './conversation.js';
import { extract } from './extractor.js';
import { profilesOf } from './label-profiles.js';
import { APPROVAL_WORDS, NEUTRAL_LABELS, OBJECTION_WORDS } from './stop-words.js';
import { terms, words } from './words.js';

export interface LabelQuestion {
  labels: readonly string[];
  /** Where the labels are explained, besides the instructions. */
  description: string;
  /** What labels mean, where the conversation says it by label. */
  meanings?: ReadonlyMap<string, string> | undefined;
  context: Context;
}

export interface RankedLabel {
  label: string;
  score: number;
  /** How alike what was said and the label are, 0 to 1: the terms in common, over the mean number of both. */
  likeness: number;
}

/** How much less the sentences that answer count than what the user said. */
const FOUND_WEIGHT = 0.25;

/**
 * Labels by how well they fit what was said, best first: the terms that a label and its explanation ("label:
 * explanation", in the description or the instructions) share with the user's text, each weighted by how few
 * of the labels have it. Labels that share nothing score 0.
 */
export function rankLabels({ labels, description, meanings, context }: LabelQuestion): RankedLabel[] {
  const explained = `${description}\n${context.instructions}`;
  // What is said twice, or in a heading, counts double; in an earlier message it still counts once.
  const emphasis = (term: string) => Math.min(Math.max(context.question.get(term) ?? 1, 1), 2);
  const found = new Set(extract(context, { limit: 3, onlyRelevant: true }).flatMap(terms));
  return profilesOf({ labels, explained, meanings })
    .map(({ label, own, weights }) => {
      let score = 0;
      let shared = 0;
      for (const [term, weight] of weights) {
        const said = context.affirmed.has(term) ? emphasis(term) : found.has(term) ? FOUND_WEIGHT : 0;
        score += said * weight;
        if (context.affirmed.has(term)) shared += 1;
      }
      const sizes = Math.max(1, own.size) * Math.max(1, context.affirmed.size);
      return { label, score, likeness: Math.min(shared, own.size) / Math.sqrt(sizes) };
    })
    .sort((a, b) => b.score - a.score);
}

export interface ChosenLabel {
  label: string;
  /** Whether anything speaks for it. */
  found: boolean;
  /** How sure the choice is, 0 to 1; absent where nothing was compared. */
  certainty?: number;
}

/** The best label, and whether anything speaks for it. */
export function chooseLabel(question: LabelQuestion): ChosenLabel {
  const { labels, context } = question;
  const verdict = favourableVerdict(labels);
  if (verdict !== undefined) return { label: verdict, found: true };
  const ranked = rankLabels(question);
  const [best] = ranked;
  if (best && best.score > 0) return { label: best.label, found: true, certainty: certaintyOf(ranked) };
  const level = levelOf(labels, context.userText);
  if (level !== undefined) return { label: level, found: true };
  const neutral = labels.find((label) => words(label).some((word) => NEUTRAL_LABELS.has(word)));
  return { label: neutral ?? labels[0] ?? '', found: false, certainty: 0 };
}

/** Of ranked labels, how clearly the first stands out before the second, and how alike it is to what was said. */
function certaintyOf([best, second]: readonly RankedLabel[]): number {
  if (!best || best.score === 0) return 0;
  const lead = best.score / (best.score + (second?.score ?? 0));
  return Math.sqrt(lead * best.likeness);
}

/** Of labels that are verdicts of a review, the favourable one. */
function favourableVerdict(labels: readonly string[]): string | undefined {
  const first = labels.map((label) => words(label)[0] ?? '');
  if (!first.every((word) => APPROVAL_WORDS.has(word) || OBJECTION_WORDS.has(word))) return undefined;
  return labels.length > 1 ? labels[first.findIndex((word) => APPROVAL_WORDS.has(word))] : undefined;
}

/** From low to high; several words for one step. */
const LEVELS = [
  /^(lowest|trivial|low|minor)$/,
  /^(medium|normal|moderate)$/,
  /^(high|major)$/,
  /^(urgent|critical|highest)$/,
];
const PRESSING =
  /\b(urgent(ly)?|asap|as soon as possible|immediate(ly)?|right (now|away)|emergency|at once)\b|!{2,}/i;
const RELAXED =
  /\b(not urgent|no (rush|hurry)|whenever|just (wondering|curious|asking)|at your convenience)\b/i;

function levelOf(labels: readonly string[], text: string): string | undefined {
  const steps = labels
    .map((label) => ({
      label,
      level: LEVELS.findIndex((step) => words(label).some((word) => step.test(word))),
    }))
    .filter(({ level }) => level >= 0)
    .sort((a, b) => a.level - b.level);
  if (steps.length < 2) return undefined;
  if (RELAXED.test(text)) return steps[0]?.label;
  return PRESSING.test(text) ? steps.at(-1)?.label : undefined;
}
