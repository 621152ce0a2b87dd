import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FAILURES } from '../../src/agents/failures.js';
import { FAILURE_TABLE } from '../../src/cli/failures.js';

const page = readFileSync(fileURLToPath(new URL('../../docs/failures.md', import.meta.url)), 'utf8');

/** Sections by their code: what stands in them, paragraph by paragraph. */
const sections = new Map(
  page
    .split(/^## /m)
    .flatMap((group) => group.split(/^### /m).slice(1))
    .map((section) => {
      const [code = '', ...paragraphs] = section.trim().split(/\n\n+/);
      return [code, paragraphs.map((text) => text.replaceAll(/\s+/g, ' '))] as const;
    }),
);

describe('docs/failures.md', () => {
  it.each(Object.entries(FAILURES))('says what %s means, what Baton does and what to try', (code, row) => {
    const [title, baton, advice, ...more] = sections.get(code) ?? [];
    expect(title).toBe(`${row.title}.`);
    expect(baton).toMatch(/^\*\*Baton\*\* [a-z].{5,}\.$/);
    expect(advice).toBe(`**Try:** ${row.try}.`);
    expect(more).toEqual([]);
  });

  it('tells of no other codes', () => {
    expect([...sections.keys()].filter((code) => !(code in FAILURES))).toEqual([]);
  });

  it('has what the command line alone meets in a table', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` *\| (.*?) *\| (.*?) *\|$/gm)].map(
      ([, code, title, advice]) => [code, { title, try: advice }],
    );
    expect(Object.fromEntries(rows)).toEqual(
      Object.fromEntries(Object.entries(FAILURE_TABLE).filter(([code]) => !(code in FAILURES))),
    );
  });
});
