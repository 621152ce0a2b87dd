import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCategories } from '../../../examples/ticket-routing/categories.js';
import { dataSet, readDataSet } from '../../../examples/ticket-routing/data-set.js';
import { demo } from '../../../examples/ticket-routing/demo.js';
import { MAX_QUESTIONS, parseQuestions } from '../../../examples/ticket-routing/questions.js';
import { BatonError } from '../../../src/agents/index.js';
import type { Demo } from '../../../src/cli/demo.js';
import { inFolder } from '../../support/cli.js';

const LABELS = ['tea', 'coffee'];
const questions = (csv: string) => parseQuestions(csv, 'q.csv', LABELS);
const categories = (value: unknown) => parseCategories(JSON.stringify(value), 'c.json');

function problemOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof BatonError && error.code === 'ConfigInvalid') return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('parseQuestions', () => {
  it('reads quotes, commas, line breaks, a byte order mark, other columns and questions without a category', () => {
    const csv = [
      '\uFEFFid,Category,Text',
      '1,tea,Green tea?',
      '2,coffee,"Black, or ""white""?"',
      '',
      '3,tea,"One',
      'two"',
      '4,,Who knows?',
    ].join('\r\n');
    expect(questions(csv)).toEqual([
      { line: 2, text: 'Green tea?', expected: 0 },
      { line: 3, text: 'Black, or "white"?', expected: 1 },
      { line: 5, text: 'One\ntwo', expected: 0 },
      { line: 7, text: 'Who knows?' },
    ]);
    expect(questions('text\nGreen tea?')).toEqual([{ line: 2, text: 'Green tea?' }]);
  });

  it.each([
    ['nothing', '', 'q.csv, line 1: there is no column "text" (there is: nothing)'],
    [
      'no text',
      'question,category\na,tea',
      'q.csv, line 1: there is no column "text" (there is: question, category)',
    ],
    ['no rows', 'text,category\n', 'q.csv: there are no questions in it'],
    [
      'an unknown category',
      'text,category\na,tea\nb,milk',
      'q.csv, line 3: "milk" is not among the categories',
    ],
    ['an empty text', 'text,category\n" ",tea', 'q.csv, line 2: the text is empty'],
    ['too few fields', 'text,category\na', 'q.csv, line 2: it has 1 fields, the header 2'],
    ['an unquoted comma', 'text,category\na, b,tea', 'q.csv, line 2: it has 3 fields, the header 2'],
    [
      'a long text',
      `text,category\n${'x'.repeat(4_001)},tea`,
      'line 2: the text has more than 4,000 characters',
    ],
    ['an open quote', 'text,category\na,tea\n"b,tea\n', 'q.csv, line 3: Quote Not Closed'],
    ['a stray quote', 'text,category\na "b" c,tea', 'q.csv, line 2: Invalid Opening Quote'],
    [
      'too many',
      `text\n${'a\n'.repeat(MAX_QUESTIONS + 1)}`,
      '40,001 questions in it; a run takes at most 40,000',
    ],
  ])('refuses %s', (_, csv, problem) => {
    expect(problemOf(() => questions(csv))).toContain(problem);
  });

  it('names the first lines that are wrong, and says how many more there are', () => {
    const problem = problemOf(() => questions(`text,category\n${'a,milk\n'.repeat(5)}`));
    expect(problem).toMatch(/^q\.csv, line 2: .*; line 3: .*; line 4: .*; and 2 more$/);
  });
});

describe('parseCategories', () => {
  it('reads labels, and objects with what belongs to them', () => {
    const hot = { label: 'hot', about: 'tea and coffee', handledBy: 'self_service', help: 'Boil water.' };
    expect(categories(['cold', hot])).toEqual([{ label: 'cold', handledBy: 'specialist' }, hot]);
  });

  it.each([
    ['an object', { tea: 1 }, /^c\.json: .*expected array/],
    ['one', ['tea'], /there must be two at least/],
    ['a number', ['tea', 7], /^c\.json: entry 2: is no label and no category/],
    ['an empty label', ['tea', ''], /^c\.json: entry 2:/],
    ['an unknown key', ['tea', { label: 'coffee', price: 2 }], /entry 2: .*"price"/],
    ['an unknown handler', ['tea', { label: 'coffee', handledBy: 'robot' }], /entry 2, handledBy: /],
    [
      'self-service without help',
      ['tea', { label: 'coffee', handledBy: 'self_service' }],
      /entry 2, help: is needed/,
    ],
    ['one twice', ['tea', 'coffee', 'tea'], /the category "tea" stands there twice/],
  ])('refuses %s', (_, value, problem) => {
    expect(problemOf(() => categories(value))).toMatch(problem);
  });

  it('refuses what is no JSON', () => {
    expect(problemOf(() => parseCategories('[tea]', 'c.json'))).toContain('c.json is not valid JSON');
  });
});

describe('readDataSet', () => {
  const files = (folder: string, entries: Record<string, string | Uint8Array>) =>
    Promise.all(Object.entries(entries).map(([name, content]) => writeFile(join(folder, name), content)));
  const good = { 'categories.json': JSON.stringify(LABELS), 'train.csv': 'text,category\nGreen?,tea\n' };

  it('takes the one CSV of a folder, or questions.csv among several; the digest follows the content', () =>
    inFolder(async (folder) => {
      await files(folder, good);
      const first = await readDataSet(folder);
      expect(first.questions).toHaveLength(1);
      await files(folder, { 'questions.csv': 'text,category\nA?,tea\nB?,coffee\n' });
      const second = await readDataSet(folder);
      expect(second.questions).toHaveLength(2);
      expect(second.digest).not.toBe(first.digest);
    }));

  it.each([
    ['no CSV', { 'train.csv': undefined }, /there is no \.csv file in/],
    ['several', { 'a.csv': 'text\na' }, /several \.csv files in .*a\.csv, train\.csv/],
    ['no categories', { 'categories.json': undefined }, /categories\.json cannot be read/],
    [
      'another encoding',
      { 'train.csv': new Uint8Array([0x74, 0xe9, 0x0a]) },
      /train\.csv is not text in UTF-8/,
    ],
  ])('refuses a folder with %s', (_, changes, problem) =>
    inFolder(async (folder) => {
      const entries = Object.entries({ ...good, ...changes }).filter(([, content]) => content !== undefined);
      await files(folder, Object.fromEntries(entries) as Record<string, string>);
      await expect(readDataSet(folder)).rejects.toThrow(problem);
    }),
  );

  it('refuses what is no folder', async () => {
    await expect(readDataSet('/no/such/folder')).rejects.toThrow(/is no folder that can be read/);
  });
});

describe('the demo', () => {
  it('ships questions of its own: each category with some, and each kind of handler', async () => {
    const { questions: own, categories: all } = await dataSet();
    expect(own.length).toBeGreaterThanOrEqual(60);
    expect(new Set(own.map(({ expected }) => expected)).size).toBe(all.length);
    expect(new Set(all.map(({ handledBy }) => handledBy))).toEqual(
      new Set(['self_service', 'specialist', 'person']),
    );
  });

  it('offers all of them, and single ones', async () => {
    const typed: Demo = demo;
    const inputs = await typed.inputs();
    expect(inputs[0]).toMatchObject({ id: 'all', orchestration: 'routeAll' });
    expect(inputs.map(({ id }) => id)).toContain(typed.defaultInput);
    expect(
      inputs.slice(1).every(({ orchestration = typed.orchestration }) => orchestration === 'routeQuestion'),
    ).toBe(true);
    expect(typed.parse(' Where is my bill?\n')).toEqual({ text: 'Where is my bill?' });
    expect(() => typed.parse(' \n')).toThrow(/the file is empty/);
  });

  it("takes the user's folder", () =>
    inFolder(async (folder) => {
      await mkdir(join(folder, 'mine'));
      demo.configure({ data: join(folder, 'mine') });
      expect(process.env.TICKET_ROUTING_DATA).toBe(join(folder, 'mine'));
      delete process.env.TICKET_ROUTING_DATA;
      expect(() => demo.configure({ data: 'no/such/folder' })).toThrow(/no\/such\/folder does not exist/);
    }));
});
