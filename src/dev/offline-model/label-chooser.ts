import type { Context } from './conversation.js';
import { extract } from './extractor.js';
import { APPROVAL_WORDS, NEUTRAL_LABELS, OBJECTION_WORDS } from './stop-words.js';
import { terms, words } from './words.js';

export interface LabelQuestion {
  labels: readonly string[];
  /** Where the labels are explained, besides the instructions. */
  description: string;
  context: Context;
}

export interface RankedLabel {
  label: string;
  score: number;
}

/** How much more a label's own words count than those of its explanation. */
const OWN_WORDS = 2;
/** How much less the sentences that answer count than what the user said. */
const FOUND_WEIGHT = 0.25;

/**
 * Labels by how well they fit what was said, best first: the terms that a label and its explanation ("label:
 * explanation", in the description or the instructions) share with the user's text, each weighted by how few
 * of the labels have it. Labels that share nothing score 0.
 */
export function rankLabels({ labels, description, context }: LabelQuestion): RankedLabel[] {
  const explained = `${description}\n${context.instructions}`;
  const profiles = labels.map((label) => ({
    label,
    own: new Set(terms(label)),
    gloss: new Set(explanations(label, labels, explained).flatMap(terms)),
  }));
  const frequency = (term: string) =>
    profiles.filter(({ own, gloss }) => own.has(term) || gloss.has(term)).length;
  // What is said twice, or in a heading, counts double; in an earlier message it still counts once.
  const emphasis = (term: string) => Math.min(Math.max(context.question.get(term) ?? 1, 1), 2);
  const found = new Set(extract(context, { limit: 3, onlyRelevant: true }).flatMap(terms));
  return profiles
    .map(({ label, own, gloss }) => {
      let score = 0;
      for (const term of new Set([...own, ...gloss])) {
        const said = context.affirmed.has(term) ? emphasis(term) : found.has(term) ? FOUND_WEIGHT : 0;
        const rarity = Math.log(1 + labels.length / frequency(term));
        score += said * rarity * (own.has(term) ? OWN_WORDS : 1 / Math.sqrt(Math.max(1, gloss.size / 4)));
      }
      return { label, score };
    })
    .sort((a, b) => b.score - a.score);
}

/** The best label, and whether anything speaks for it. */
export function chooseLabel(question: LabelQuestion): { label: string; found: boolean } {
  const { labels, context } = question;
  const verdict = favourableVerdict(labels);
  if (verdict !== undefined) return { label: verdict, found: true };
  const [best] = rankLabels(question);
  if (best && best.score > 0) return { label: best.label, found: true };
  const level = levelOf(labels, context.userText);
  if (level !== undefined) return { label: level, found: true };
  const neutral = labels.find((label) => words(label).some((word) => NEUTRAL_LABELS.has(word)));
  return { label: neutral ?? labels[0] ?? '', found: false };
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

/** What a text says that a label means: "label: ...", "label (...)", "label for ...", "label when ...". */
function explanations(label: string, labels: readonly string[], text: string): string[] {
  const others = labels.filter((other) => other !== label).map((other) => asWritten(other));
  const end =
    others.length > 0
      ? `(?=[\\n;)]|[.,;]?\\s+["'\\x60*(]*(?:${others.join('|')})(?![\\p{L}\\p{N}])|$)`
      : '(?=[\\n;)]|$)';
  const connector = String.raw`["'\x60*]*\s*(?::|=|–|—|\s-\s|\(|\b(?:for|when|if|means|is|covers|about|where)\b)\s*`;
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${asWritten(label)}${connector}([^\\n]*?)${end}`, 'giu');
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

function asWritten(label: string): string {
  return label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/[\s_-]+/g, '[\\s_-]+');
}
