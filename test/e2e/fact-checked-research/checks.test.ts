import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openQuotations } from '../../../examples/fact-checked-research/activities.js';
import { readArticles } from '../../../examples/fact-checked-research/articles.js';
import { problemsWith } from '../../../examples/fact-checked-research/check-claim.js';
import {
  contradictionsAmong,
  differingFigures,
} from '../../../examples/fact-checked-research/contradictions.js';
import { demo } from '../../../examples/fact-checked-research/demo.js';
import { library, Library } from '../../../examples/fact-checked-research/library.js';
import { figuresMissing, passageAround } from '../../../examples/fact-checked-research/quotes.js';
import type { Demo } from '../../../src/cli/demo.js';

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-articles-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

describe('readArticles', () => {
  it('reads Markdown and text in folders, with what the front matter says', async () => {
    const folder = await folderWith({
      'a/old.md': '---\ntitle: "Old"\nupdated: 2030-01-02\nsuperseded-by: new.md\n---\nIt was so.',
      'a/new.md': '\uFEFF# New ways\r\n\r\nIt is otherwise.',
      'notes.txt': 'Just text.',
      'empty.md': '---\ntitle: Nothing\n---\n',
      '.git/c.md': 'Not read.',
      'd.pdf': 'Not read.',
    });
    expect(await readArticles(folder)).toEqual([
      { source: 'a/new.md', title: 'New ways', text: 'It is otherwise.' },
      {
        source: 'a/old.md',
        title: 'Old',
        text: 'It was so.',
        updated: '2030-01-02',
        supersededBy: 'a/new.md',
      },
      { source: 'notes.txt', title: 'notes', text: 'Just text.' },
    ]);
  });

  it('refuses a folder without text, or that is not there', async () => {
    await expect(readArticles(await folderWith({ 'a.pdf': 'x' }))).rejects.toMatchObject({
      code: 'ConfigInvalid',
      message: expect.stringContaining('holds no text'),
    });
    await expect(readArticles('/no/such/folder')).rejects.toMatchObject({ code: 'ConfigInvalid' });
  });
});

describe('the library', () => {
  it.each([
    ['turbine tidal station', 'tidal-station.md'],
    ['return ticket ferry', 'ferry.md'],
    ['how many people live on the island, census', 'census-2031.md'],
    ['dried kelp sold', 'kelp-report-2030.md'],
  ])('finds, for "%s", %s among the first three', async (query, source) => {
    const found = (await library()).search(query, 3);
    expect(found.map((passage) => passage.source)).toContain(source);
  });

  it('finds nothing for words that no article has, or for none', async () => {
    const articles = await library();
    expect([articles.search('xylophone', 5), articles.search('', 5), articles.search('the of', 5)]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('gives an article once, with the passage that fits', () => {
    const text = `${'Nothing of interest here. '.repeat(80)}\n\nDescale a kettle with vinegar.`;
    const found = new Library([{ source: 'long.md', title: 'Long', text }]).search('descaling kettles', 5);
    expect(found).toEqual([{ source: 'long.md', title: 'Long', text: 'Descale a kettle with vinegar.' }]);
  });
});

describe('passageAround', () => {
  const text =
    'The **station** has four\nturbines. See [the plan](plan.md) of “2019”.\n\nIt has one more line.';

  it.each([
    ['word for word', 'has four\nturbines'],
    ['over a line break', 'station** has four turbines.'],
    ['without Markdown', 'The station has four turbines. See the plan of "2019".'],
  ])('finds a quote %s', (_, quote) => {
    expect(passageAround(quote, text)).toContain('one more line');
  });

  it.each([
    ['with another word', 'The station has five turbines'],
    ['put together from two places', 'The station has one more line'],
    ['in other letters', 'the STATION has four turbines'],
    ['that ends within a word', 'The station has four turbine'],
    ['of too few words', 'has four'],
    ['of no words', ' \n'],
  ])('does not find one %s', (_, quote) => {
    expect(passageAround(quote, text)).toBeUndefined();
  });

  it('gives what stands around it, in whole words', () => {
    const long = `${'before '.repeat(200)}the very middle of it ${'after '.repeat(200)}`;
    const passage = passageAround('the very middle of it', long) ?? '';
    expect(passage).toMatch(/^before (before )+the very middle of it (after )+after$/);
    expect(passage.length).toBeLessThan(1100);
  });
});

describe('figuresMissing', () => {
  it('names figures that the passages lack, however thousands are written', () => {
    const passage = 'In 2030 it sold 1,150 tonnes for 0.21 crowns.';
    expect(figuresMissing('1150 tonnes in 2030 at 0.21.', passage)).toEqual([]);
    expect(figuresMissing('115 tonnes, 12 more than in 2029.', passage)).toEqual(['115', '12', '2029']);
    expect(figuresMissing('Some tonnes.', '')).toEqual([]);
  });
});

describe('openQuotations', () => {
  it('takes what an article says, and refuses what is invented, unknown or out of date', async () => {
    const opened = await openQuotations([
      { source: 'tidal-station.md', quote: 'The tidal station of Orrisey has four turbines.' },
      { source: 'tidal-station.md', quote: 'The tidal station of Orrisey has five turbines.' },
      { source: '../agents.ts', quote: 'import { defineAgent }' },
      { source: 'census-2021.md', quote: 'The census of 2021 counted 2,140 people on Orrisey.' },
      { source: 'council.md', quote: 'The council of Orrisey '.repeat(50) },
    ]);
    expect(opened).toEqual([
      { ok: true, title: 'The tidal station in the Race', passage: expect.stringContaining('81 percent') },
      { ok: false, problem: expect.stringContaining('does not say, word for word') },
      { ok: false, problem: 'There is no article "../agents.ts".' },
      { ok: false, problem: '"census-2021.md" is out of date: "census-2031.md" took its place.' },
      { ok: false, problem: 'It is too long for a quote.' },
    ]);
  });
});

const quotations = {
  share81: {
    id: 'F1',
    source: 'a.md',
    quote: 'In 2030 the tidal station made 81 percent of the electricity that Orrisey used.',
  },
  share95: {
    id: 'F2',
    source: 'b.md',
    quote: 'The tidal station makes about 95% of the electricity that Orrisey uses.',
  },
  otherYear: {
    id: 'F3',
    source: 'c.md',
    quote: 'In 2026 the tidal station made 40 percent of the electricity that Orrisey used.',
  },
  otherThing: {
    id: 'F4',
    source: 'd.md',
    quote: 'The school gives 12 percent of its places to the mainland.',
  },
};

describe('contradictions', () => {
  const { share81, share95, otherYear, otherThing } = quotations;

  it('are seen in figures of the same unit, about the same, from different articles', () => {
    expect(differingFigures([share81, share95])).toEqual([[share81, share95]]);
    expect(differingFigures([share81, otherYear])).toEqual([]);
    expect(
      differingFigures([share81, otherThing, share95].map((one) => ({ ...one, source: 'a.md' }))),
    ).toEqual([]);
    expect(differingFigures([share81, otherThing])).toEqual([]);
  });

  it('are those that are named, as far as the findings are there, and each once', () => {
    const named = [{ findingIds: ['F4', 'F9'] }, { findingIds: ['F2', 'F1', 'F1'] }];
    expect(contradictionsAmong([share81, share95, otherThing], named)).toEqual([
      { findingIds: ['F2', 'F1'] },
    ]);
    expect(contradictionsAmong([share81, share95, otherThing], [])).toEqual([{ findingIds: ['F1', 'F2'] }]);
  });
});

describe('problemsWith', () => {
  const open = (finding: { id: string; source: string; quote: string }) => ({
    ...finding,
    title: 'T',
    passage: finding.quote,
  });
  const grounds = {
    findings: [quotations.share81, quotations.share95, quotations.otherThing].map(open),
    contradictions: [{ findingIds: ['F1', 'F2'] }],
  };

  it.each([
    ['cites nothing', 'A claim.', [], /cites no finding/],
    ['cites what is not there', 'A claim.', ['F4', 'F7'], /no finding "F7"/],
    ['says nothing', ' ', ['F4'], /says nothing/],
    ['has a figure of its own', 'It gives 13 percent.', ['F4'], /figure 13/],
    ['keeps quiet about a contradiction', 'It made 81 percent.', ['F1'], /F2 contradicts .*95% .*b\.md/],
  ])('finds a claim that %s', (_, text, findingIds, problem) => {
    expect(problemsWith({ text, findingIds }, grounds)).toEqual([expect.stringMatching(problem)]);
  });

  it('finds nothing wrong with one that tells the contradiction', () => {
    const text = 'One source has 81 percent, another 95.';
    expect(problemsWith({ text, findingIds: ['F1', 'F2'] }, grounds)).toEqual([]);
  });
});

describe('the demo', () => {
  it('ships questions, and reads others from text or JSON', async () => {
    const typed: Demo = demo;
    const inputs = await typed.inputs();
    expect(inputs.map(({ id }) => id)).toContain(demo.defaultInput);
    for (const { input, title } of inputs) {
      expect(demo.parse(JSON.stringify(input))).toEqual(input);
      expect(demo.parse(`\uFEFF${title}\n`)).toEqual(input);
    }
  });

  it.each([
    ['nothing', ' \n'],
    ['an empty question', '{"question":" "}'],
    ['other keys', '{"question":"Why?","who":"me"}'],
    ['broken JSON', '{"question":'],
    ['a very long text', 'why '.repeat(600)],
  ])('refuses %s', (_, text) => {
    expect(() => demo.parse(text)).toThrow(/^not a question: /);
  });

  it('names a folder that is not there', () => {
    expect(() => demo.configure({ data: 'no/such/folder' })).toThrow(/no\/such\/folder is not a folder/);
  });
});
