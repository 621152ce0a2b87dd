import { LRUCache } from 'lru-cache';
import { terms } from './words.js';

/** What a label is known by. */
export interface LabelProfile {
  label: string;
  /** Its own terms. */
  own: ReadonlySet<string>;
  /** How much each of its terms, and of those of its explanation, speaks for it: the more, the fewer labels have it. */
  weights: ReadonlyMap<string, number>;
}

export interface LabelSet {
  labels: readonly string[];
  /** Where the labels are explained: "label: explanation". */
  explained: string;
  /** What labels mean, where that is known by label. */
  meanings?: ReadonlyMap<string, string> | undefined;
}

/** How much more a label's own words count than those of its explanation. */
const OWN_WORDS = 2;

/** The same labels come with one request after the other, and reading a text for their explanations takes long. */
const known = new LRUCache<string, readonly LabelProfile[]>({ max: 50 });

/** The profiles of labels, in their order. */
export function profilesOf(set: LabelSet): readonly LabelProfile[] {
  const key = JSON.stringify([set.labels, set.explained, [...(set.meanings ?? [])]]);
  const profiles = known.get(key) ?? readProfiles(set);
  known.set(key, profiles);
  return profiles;
}

function readProfiles({ labels, explained, meanings }: LabelSet): LabelProfile[] {
  const read = labels.map((label) => ({
    label,
    own: new Set(terms(label)),
    gloss: new Set([meanings?.get(label) ?? '', ...explanations(label, labels, explained)].flatMap(terms)),
  }));
  const frequency = new Map<string, number>();
  for (const { own, gloss } of read) {
    for (const term of new Set([...own, ...gloss])) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  }
  return read.map(({ label, own, gloss }) => {
    const rarity = (term: string) => Math.log(1 + labels.length / (frequency.get(term) ?? 1));
    const part = (term: string) => (own.has(term) ? OWN_WORDS : 1 / Math.sqrt(Math.max(1, gloss.size / 4)));
    const weights = new Map([...own, ...gloss].map((term) => [term, rarity(term) * part(term)]));
    return { label, own, weights };
  });
}

/** What a text says that a label means: "label: ...", "label (...)", "label for ...", "label when ...". */
function explanations(label: string, labels: readonly string[], text: string): string[] {
  const mention = new RegExp(`(?<![\\p{L}\\p{N}])${asWritten(label)}`, 'iu');
  // The whole pattern holds every other label; most labels are named in no text.
  if (!mention.test(text)) return [];
  const others = labels.filter((other) => other !== label).map((other) => asWritten(other));
  const end =
    others.length > 0
      ? `(?=[\\n;)]|[.,;]?\\s+["'\\x60*(]*(?:${others.join('|')})(?![\\p{L}\\p{N}])|$)`
      : '(?=[\\n;)]|$)';
  const connector = String.raw`["'\x60*]*\s*(?::|=|–|—|\s-\s|\(|\b(?:for|when|if|means|is|covers|about|where)\b)\s*`;
  const pattern = new RegExp(`${mention.source}${connector}([^\\n]*?)${end}`, 'giu');
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

function asWritten(label: string): string {
  return label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/[\s_-]+/g, '[\\s_-]+');
}
