import { parseEmbedded } from './embedded-json.js';
import { factsIn, factsInLines, type Fact } from './facts.js';
import { isHandOff } from './handing-over.js';
import { leavesOf, type Leaf } from './leaves.js';
import { isProse, passagesOf, recordPassages, type Passage } from './passages.js';
import {
  isErrorText,
  isInstruction,
  textOf,
  toolBehind,
  type ModelMessage,
  type ModelRequest,
} from './request.js';
import { affirmedTerms, terms } from './words.js';

/** All that an answer can be made of. */
export interface Context {
  /** System and developer messages. */
  instructions: string;
  /** What users said, earliest first, the values of JSON included. */
  userText: string;
  /** What tools answered, and material that users gave along with a question. */
  foundText: string;
  /** What is asked about: the weight of each term, more for later messages. */
  question: ReadonlyMap<string, number>;
  /** The terms that the user asked about, whichever part is worked on. */
  asked: ReadonlySet<string>;
  /** Terms of the user's text that aren't denied in it ("not urgent"). */
  affirmed: ReadonlySet<string>;
  facts: readonly Fact[];
  passages: readonly Passage[];
  /** The JSON values in the last user message. */
  input: readonly unknown[];
  /** The heading of what the user wrote; empty if there is none. */
  title: string;
}

/** No more than this of what users did not say is read; in characters. */
const MAX_CHARS = 100_000;
/** How much less a message counts than the one after it. */
const RECENCY = 0.5;
/** How much a term of the material counts against one of the question that it was given for. */
const MATERIAL_WEIGHT = 0.05;
/** How much more a term of a heading counts. */
const TITLE_WEIGHT = 2;
/** How much a term of the whole conversation counts against one of the element at hand. */
const WHOLE_WEIGHT = 0.2;

/** Reads the end of a conversation, with all that users said in it. */
export function readConversation({ messages }: ModelRequest): Context {
  const reader = new Reader();
  const read = newestOf(messages);
  let later = read.filter(({ role }) => role === 'user').length;
  for (const message of read) {
    if (message.role === 'user') reader.readUser(textOf(message), RECENCY ** (later -= 1));
    else if (message.role === 'tool') reader.readResult(textOf(message), toolBehind(message, messages));
  }
  return reader.context(messages.filter(isInstruction).map(textOf).join('\n'));
}

class Reader {
  readonly #facts: Fact[] = [];
  readonly #passages: Passage[] = [];
  readonly #question = new Map<string, number>();
  readonly #said: string[] = [];
  readonly #found: string[] = [];
  #input: unknown[] = [];
  #title = '';

  readUser(text: string, weight: number): void {
    const { values, prose } = parseEmbedded(text);
    this.#input = values;
    this.#facts.push(...factsInLines(prose, 'user'), ...values.flatMap((value) => factsIn(value, 'user')));
    this.#say({ text: prose, material: false, title: false }, weight, passagesOf(prose, 'user'));
    for (const leaf of values.flatMap((value) => leavesOf(value))) {
      const source = leaf.material ? 'material' : 'user';
      this.#say(leaf, weight, isProse(leaf.text) ? passagesOf(leaf.text, source) : []);
    }
  }

  #say({ text, material, title }: Leaf, weight: number, passages: Passage[]): void {
    (material ? this.#found : this.#said).push(text);
    this.#passages.push(...passages);
    if (title && !material) this.#title = text;
    const counted = weight * (material ? MATERIAL_WEIGHT : title ? TITLE_WEIGHT : 1);
    for (const term of terms(text)) this.#question.set(term, (this.#question.get(term) ?? 0) + counted);
  }

  readResult(text: string, tool: string | undefined): void {
    if (isErrorText(text) || (tool !== undefined && isHandOff(tool))) return;
    const { values, prose } = parseEmbedded(text);
    const root = tool === undefined ? [] : [tool];
    this.#found.push(prose, ...values.flatMap((value) => leavesOf(value)).map((leaf) => leaf.text));
    this.#facts.push(
      ...factsInLines(prose, 'tool'),
      ...values.flatMap((value) => factsIn(value, 'tool', root)),
    );
    this.#passages.push(
      ...passagesOf(prose, 'tool'),
      ...values.flatMap((value) => recordPassages(value, 'tool')),
    );
  }

  context(instructions: string): Context {
    const userText = this.#said.filter(Boolean).join('\n');
    return {
      instructions,
      userText,
      foundText: this.#found.filter(Boolean).join('\n'),
      question: this.#question,
      asked: new Set(terms(userText)),
      affirmed: affirmedTerms(userText),
      facts: this.#facts,
      passages: this.#passages,
      input: this.#input,
      title: this.#title,
    };
  }
}

/** The same conversation, seen from one element of a list that an answer is made for. */
export function focusOn(context: Context, element: unknown): Context {
  const text = leavesOf(element)
    .map((leaf) => leaf.text)
    .join('\n');
  const question = new Map([...context.question].map(([term, weight]) => [term, weight * WHOLE_WEIGHT]));
  for (const term of terms(text)) question.set(term, (question.get(term) ?? 0) + 1);
  const own = typeof element === 'string' ? passagesOf(element, 'item') : recordPassages(element, 'item');
  return {
    ...context,
    userText: text,
    question,
    affirmed: affirmedTerms(text),
    facts: [...factsIn(element, 'item'), ...context.facts],
    passages: [...own, ...context.passages],
  };
}

/** All that users said, and of the rest as much from the end as is read. */
function newestOf(messages: readonly ModelMessage[]): ModelMessage[] {
  let left = MAX_CHARS;
  const isRead = (message: ModelMessage) => {
    if (message.role === 'user') return true;
    const fits = left > 0;
    left -= textOf(message).length;
    return fits;
  };
  return messages
    .filter((message) => !isInstruction(message))
    .reverse()
    .filter(isRead)
    .reverse();
}
