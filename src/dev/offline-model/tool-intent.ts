import { REJECT_FUNCTION } from '../../agents/names.js';
import type { Context } from './conversation.js';
import type { OfferedTool } from './request.js';
import { sentences } from './sentences.js';
import { LOOKING_VERBS, NEGATIONS } from './stop-words.js';
import { coverage, stem, terms, words } from './words.js';

const list = (text: string) => new Set(text.split(/\s+/));

/** Verbs that leave it to the noun what is done: for these, the noun must be asked for. */
const LIGHT = list(`
  make do create perform execute process submit start begin apply issue give grant file initiate open request run
  hand handoff transfer delegate route escalate assign forward to off over
`);

const CONDITIONS = /\b(if|when|whenever|only|unless|whether|in case|may|might|can|could)\b/i;
/** So many terms of a condition must be in the user's text before it is taken as met. */
const CONDITION_TERMS = 2;
const DESCRIPTION_TERMS = 2;

/**
 * Whether a tool only looks something up, so that calling it is harmless: its name or description begins with such
 * a verb. Of every other it is assumed that it changes something.
 */
export function onlyLooks({ function: { name, description = '' } }: OfferedTool): boolean {
  // "Finds orders" says the same as "Find orders".
  return [name, description].some((text) => {
    const [first = ''] = words(text);
    return (
      LOOKING_VERBS.has(first) ||
      LOOKING_VERBS.has(first.replace(/e?s$/, '')) ||
      LOOKING_VERBS.has(first.replace(/s$/, ''))
    );
  });
}

/**
 * Whether the user, or the instructions, want what a tool does, so far as the words go: its verb (for "make",
 * "create" and the like, its noun) is in the user's text, not denied; or the instructions say to call it, and the
 * condition in that sentence, if there is one, shares words with the user's text.
 */
export function isAskedFor(tool: OfferedTool, context: Context): boolean {
  const { name } = tool.function;
  // A user who writes of something rejected does not mean the model's own input.
  const isUsers = name !== REJECT_FUNCTION && isAskedByUser(tool, context.affirmed);
  return isUsers || isInstructed(tool, context);
}

function isAskedByUser(
  { function: { name, description = '', parameters } }: OfferedTool,
  affirmed: ReadonlySet<string>,
) {
  const parts = words(name);
  const [verb = ''] = parts;
  if (!LIGHT.has(verb))
    return affirmed.has(stem(verb)) || (parts.length === 1 && affirmed.has(stem(name.toLowerCase())));
  const nouns = parts.filter((part) => !LIGHT.has(part)).map(stem);
  if (nouns.length > 0 && coverage(nouns, affirmed) >= 0.5) return true;
  // Nothing to fill in means that naming its subject is all that a call says: a hand-off.
  const required = (parameters as { required?: unknown[] } | undefined)?.required ?? [];
  const described = new Set(terms(description).filter((term) => affirmed.has(term)));
  return required.length === 0 && described.size >= DESCRIPTION_TERMS;
}

/** The part of that which the instructions say. */
export function isInstructed(
  { function: { name } }: OfferedTool,
  { instructions, userText }: Pick<Context, 'instructions' | 'userText'>,
): boolean {
  const said = new Set(terms(userText));
  const exact = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // A name that is a plain word may stand there as just that word.
  const plain = /^[a-z]+$/.test(name);
  const mention = new RegExp(
    plain ? `(?:\\b(?:call|use|invoke|run)\\s+(?:the\\s+)?["'\`]?|\`)${exact}\\b` : `(?<!\\w)${exact}(?!\\w)`,
    plain ? 'i' : '',
  );
  return sentences(instructions).some((sentence) => {
    if (!mention.test(sentence) || words(sentence).some((word) => NEGATIONS.has(word))) return false;
    if (!CONDITIONS.test(sentence)) return true;
    const condition = new Set(terms(sentence.replace(mention, ' ')));
    return [...condition].filter((term) => said.has(term)).length >= CONDITION_TERMS;
  });
}

/** How much the user's text has to do with a tool, to choose among several that are asked for. */
export function closeness(
  { function: { name, description = '' } }: OfferedTool,
  affirmed: ReadonlySet<string>,
): number {
  const own = words(name).filter((word) => affirmed.has(stem(word))).length;
  const described = new Set(terms(description).filter((term) => affirmed.has(term)));
  return 2 * own + described.size;
}
