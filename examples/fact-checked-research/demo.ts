import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BatonError } from 'batonjs/agents';
import { z } from 'zod';
import { parseQuestion } from './question.js';
import { Report } from './report.js';

/** What `baton demo fact-checked-research` runs. */
export const demo = {
  title:
    'Fact-checked research: plans, searches, writes claims, checks each against its source, and leaves out what does not hold',
  orchestration: 'factCheckedResearch',
  defaultInput: 'R-1',

  /** Takes the folder of the user's own articles. */
  configure({ data }: { data?: string }): void {
    if (data === undefined) return;
    const folder = resolve(data);
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new BatonError('ConfigInvalid', `${data} is not a folder`);
    process.env.RESEARCH_DATA = folder;
  },

  async inputs() {
    const text = await readFile(new URL('./data/questions.json', import.meta.url), 'utf8');
    return z
      .array(z.object({ id: z.string(), question: z.string() }))
      .parse(JSON.parse(text))
      .map(({ id, question }) => ({ id, title: question, input: { question } }));
  },

  parse: (text: string) => parseQuestion(text),

  /** The text with its sources, and what is not in it. */
  render(result: unknown): string {
    const { text, sources, claims, contradictions, dropped, missing } = Report.parse(result);
    const quotes = (source: string) =>
      new Set(claims.flatMap(({ evidence }) => evidence.filter((one) => one.source === source)).map(quoteOf));
    return [
      text === '' ? '(no claim could be supported)' : text,
      ...section(
        'Sources',
        sources.flatMap(({ source, title }, place) => [
          `[${place + 1}] ${title} (${source})`,
          ...[...quotes(source)].map((quote) => `    ${quote}`),
        ]),
      ),
      ...section(
        'Sources that contradict each other',
        contradictions.map((set) => set.map((one) => `${quoteOf(one)} (${one.source})`).join(' / ')),
      ),
      ...section(
        'Left out',
        dropped.flatMap(({ text, reasons }) => [text, ...reasons.map((reason) => `    ${reason}`)]),
      ),
      ...section(
        'Missing',
        missing.map(({ what, why }) => `${what}: ${why}`),
      ),
    ].join('\n');
  },
};

function quoteOf({ quote }: { quote: string }): string {
  return `"${quote.replace(/\s+/g, ' ')}"`;
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}
