import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BatonError } from 'batonjs/agents';
import { z } from 'zod';
import { Report, type Source, type Statement } from './report.js';
import { parseRequest, ResearchRequest } from './research-request.js';

const QUOTE_CHARS = 160;

/** What `baton demo company-research` runs. */
export const demo = {
  title:
    'Company research: filings, news and posts are searched at the same time by different agents, and combined; a source that fails is named',
  orchestration: 'companyResearch',
  defaultInput: 'quillmark-margin',

  /** Takes the user's folder: `filings/*.pdf`, `news.jsonl`, `posts.jsonl`. */
  configure({ data }: { data?: string }): void {
    if (data === undefined) return;
    const path = resolve(data);
    if (!existsSync(path)) throw new BatonError('ConfigInvalid', `the folder ${data} does not exist`);
    process.env.COMPANY_RESEARCH_DATA = path;
  },

  async inputs() {
    const text = await readFile(new URL('./data/questions.json', import.meta.url), 'utf8');
    return z
      .array(ResearchRequest.pick({ company: true, question: true }).extend({ id: z.string() }))
      .parse(JSON.parse(text))
      .map(({ id, company, question }) => ({
        id,
        title: `${company}: ${question}`,
        input: { company, question },
      }));
  },

  parse: (text: string) => plain(parseRequest(text)),

  /** The report with its sources numbered, and what is missing. */
  render(result: unknown): string {
    const { company, question, answer, points, conflicts, missing, notes } = Report.parse(result);
    const sources: Source[] = [];
    const told = (statement: Statement) => `${statement.text} ${numbersOf(statement, sources)}`;
    const lines = [
      `${company}: ${question}`,
      '',
      answer ? told(answer) : '(no answer)',
      ...section(
        '',
        points.map((point) => `- ${told(point)}`),
      ),
      ...section(
        'Conflicts',
        conflicts.map((conflict) => `- ${told(conflict)}`),
      ),
    ];
    return [
      ...lines,
      ...section(
        'Sources',
        sources.map((source, i) => `[${i + 1}] ${nameOf(source)}`),
      ),
      ...section(
        'Missing',
        missing.map(({ desk, code, why }) => `- ${desk} (${code}): ${why}`),
      ),
      ...section(
        'Notes',
        notes.map((note) => `- ${note}`),
      ),
    ].join('\n');
  },
};

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...(title === '' ? [] : [title]), ...lines];
}

/** Numbers of a statement's sources, which are added to the list where they are new. */
function numbersOf({ sources }: Statement, all: Source[]): string {
  const numbers = sources.map((source) => {
    const same = (other: Source) =>
      other.desk === source.desk &&
      other.id === source.id &&
      other.page === source.page &&
      other.quote === source.quote;
    if (!all.some(same)) all.push(source);
    return all.findIndex(same) + 1;
  });
  return [...new Set(numbers)].map((number) => `[${number}]`).join('');
}

function nameOf({ desk, id, title, page, date, url, quote }: Source): string {
  const words = quote.replace(/\s+/g, ' ');
  const short = words.length > QUOTE_CHARS ? `${words.slice(0, QUOTE_CHARS)} …` : words;
  const place = [id, title === id ? null : title, date, page === null ? null : `page ${page}`, url];
  return `${desk}: ${place.filter((part) => part !== null).join(', ')}: "${short}"`;
}

/** Without the keys that are not set, as JSON has it. */
function plain({ patienceSeconds, ...request }: ResearchRequest) {
  return patienceSeconds === undefined ? request : { ...request, patienceSeconds };
}
