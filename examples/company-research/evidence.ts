import type { Message } from 'batonjs/agents';
import { figuresNotIn } from './figures.js';
import type { Desk, Source } from './report.js';

/** A passage as a tool gave it. */
interface Passage {
  id: string;
  page: number | null;
  title: string;
  date: string | null;
  url: string | null;
  text: string;
}

/** What the tools of an agent gave it. */
export interface Evidence {
  passages: Passage[];
  /** What tools failed with that did not work later. */
  problems: string[];
}

/** What an agent says that it has found. */
export interface Finding {
  finding: string;
  id: string;
  page?: number | null;
  text: string;
}

/** A finding that is known to stand in its source. */
export interface Checked {
  finding: string;
  source: Source;
}

/** Reads a conversation for what its tools gave. */
export function evidenceIn(messages: readonly Message[]): Evidence {
  const passages: Passage[] = [];
  const problems = new Map<string, string>();
  for (const message of messages) {
    if (message.role !== 'tool') continue;
    if (message.isError) problems.set(message.tool, `${message.tool} failed: ${plain(message.content)}`);
    else {
      passages.push(...passagesIn(message.content));
      problems.delete(message.tool);
    }
  }
  return { passages, problems: [...problems.values()] };
}

/** Shorter quotes are in every text. */
const MIN_QUOTE = 10;

/**
 * Parts the findings whose words and figures stand in the passage that they name from the others.
 * @param asked what the agent was asked, whose figures it may repeat
 */
export function check(
  desk: Desk,
  findings: readonly Finding[],
  { passages }: Evidence,
  asked: string,
): { checked: Checked[]; leftOut: string[] } {
  const checked: Checked[] = [];
  const leftOut: string[] = [];
  for (const { finding, id, page = null, text } of findings) {
    const quote = squeezed(text);
    const passage = passages.find(
      (one) => one.id === id && (page === null || one.page === page) && squeezed(one.text).includes(quote),
    );
    if (!passage || quote.length < MIN_QUOTE) {
      leftOut.push(`${desk}: left out, since its source does not say it: ${finding}`);
      continue;
    }
    const { title, date } = passage;
    const foreign = figuresNotIn(finding, [passage.text, title, date ?? '', asked]);
    if (foreign.length > 0) {
      leftOut.push(`${desk}: left out, since its source has no ${foreign.join(', ')}: ${finding}`);
      continue;
    }
    checked.push({
      finding,
      source: { desk, id, title, page: passage.page, date, url: passage.url, quote: text.trim() },
    });
  }
  return { checked, leftOut };
}

/** All objects with an id and a text, at any depth: what tools of every kind give. */
function passagesIn(content: unknown): Passage[] {
  if (Array.isArray(content)) return content.flatMap(passagesIn);
  if (typeof content !== 'object' || content === null) return [];
  const { id, text, page, title, date, by, url, company, period } = content as Record<string, unknown>;
  if (typeof id !== 'string' || typeof text !== 'string') return Object.values(content).flatMap(passagesIn);
  const named = [company, period].filter((part) => typeof part === 'string').join(', ');
  return [
    {
      id,
      page: typeof page === 'number' ? page : null,
      title: [title, by, named].find((part) => typeof part === 'string' && part !== '')?.toString() ?? id,
      date: typeof date === 'string' ? date : null,
      url: typeof url === 'string' ? url : null,
      text,
    },
  ];
}

/** Spaces and kinds of quotation marks are not what a quote is about. */
function squeezed(text: string): string {
  return text.replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replace(/\s+/g, ' ').trim().toLowerCase();
}

function plain(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}
