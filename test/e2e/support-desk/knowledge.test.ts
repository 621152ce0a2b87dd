import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { demo } from '../../../examples/support-desk/demo.js';
import { readDocuments } from '../../../examples/support-desk/documents.js';
import { knowledge } from '../../../examples/support-desk/knowledge.js';
import { passagesOf } from '../../../examples/support-desk/passages.js';
import { parseTicket } from '../../../examples/support-desk/ticket.js';

/** Tickets that only ask how something is done, and the article that says it. */
const HOW_TO = [
  ['T-002', 'clean-a-blocked-stove-jet'],
  ['T-006', 'charge-a-power-bank'],
  ['T-011', 'clean-the-rill-water-filter'],
  ['T-017', 'reproof-a-rain-jacket'],
  ['T-022', 'pay-in-four'],
  ['T-026', 'cairn-points'],
  ['T-028', 'wash-a-down-bag-or-jacket'],
  ['T-029', 'choose-a-pad-r-value'],
  ['T-030', 'reset-your-password'],
] as const;

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-kb-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

describe('the knowledge base', () => {
  it.each(HOW_TO)('finds the article for %s among the first three', async (id, article) => {
    const ticket = (await demo.inputs()).find((input) => input.id === id);
    const { subject, body } = parseTicket(JSON.stringify(ticket?.input));
    const found = (await knowledge()).search(`${subject}. ${body}`, 3);
    expect(found.map((passage) => passage.id)).toContain(article);
  });

  it('finds nothing for words that no article has', async () => {
    expect((await knowledge()).search('xylophone quaver', 5)).toEqual([]);
    expect((await knowledge()).search('', 5)).toEqual([]);
  });

  it('gives each article once, with the passage that fits', async () => {
    const folder = await folderWith({
      'long.md': `# Long\n\n${'Nothing of interest here. '.repeat(80)}\n\n## Kettles\n\nDescale a kettle with vinegar.`,
    });
    process.env.SUPPORT_DESK_KB = folder;
    try {
      const found = (await knowledge()).search('descale the kettle', 5);
      expect(found).toEqual([{ id: 'long', title: 'Long', text: expect.stringContaining('vinegar') }]);
    } finally {
      delete process.env.SUPPORT_DESK_KB;
    }
  });
});

describe('readDocuments', () => {
  it('reads Markdown in folders, and JSON lines', async () => {
    const folder = await folderWith({
      'a/window.md': '---\ntitle: In the front matter\n---\nForty-five days.',
      'b.md': '# The heading\r\n\r\nText.',
      'c.jsonl': '{"id":7,"title":"Seven","content":"Lucky.","more":1}\n\n',
      '.hidden/d.md': '# Not read\n\nText.',
      'notes.txt': 'Not read.',
    });
    expect(await readDocuments(folder)).toEqual([
      { id: 'a/window', title: 'In the front matter', content: 'Forty-five days.' },
      { id: 'b', title: 'The heading', content: 'Text.' },
      { id: '7', title: 'Seven', content: 'Lucky.' },
    ]);
  });

  const line = '{"id":"x","title":"X","content":"Text"}';
  it.each([
    ['a line that is not JSON', { 'c.jsonl': `${line}\n{"id":` }, /c\.jsonl:2: not valid JSON/],
    [
      'a line with a wrong field',
      { 'c.jsonl': `${line}\n\n{"id":"y","title":5}` },
      /c\.jsonl:3: title: .*; content: /,
    ],
    [
      'an id that is used twice',
      { 'c.jsonl': line, 'x.md': '# X' },
      /x\.md: the id "x" is already used by c\.jsonl:1/,
    ],
    ['a folder without documents', { 'notes.txt': 'Text' }, /has no \.md or \.jsonl files/],
    ['documents without text', { 'empty.md': '\n' }, /holds no text/],
  ])('refuses %s', async (_, files, message) => {
    const folder = await folderWith(files as unknown as Record<string, string>);
    await expect(readDocuments(folder)).rejects.toMatchObject({
      code: 'ConfigInvalid',
      message: expect.stringMatching(message),
    });
  });

  it('refuses what is not there, and other files', async () => {
    const folder = await folderWith({ 'notes.txt': 'Text' });
    await expect(readDocuments(join(folder, 'none'))).rejects.toThrow(/does not exist/);
    await expect(readDocuments(join(folder, 'notes.txt'))).rejects.toThrow(/neither a folder nor/);
  });
});

describe('passagesOf', () => {
  it('cuts at paragraphs, else at sentences, else anywhere, and loses nothing', () => {
    const text = `${'One. '.repeat(500)}\n\nTwo.\n\n${'x'.repeat(4000)}`;
    const passages = passagesOf(text);
    expect(Math.max(...passages.map(({ length }) => length))).toBeLessThanOrEqual(1500);
    expect(passages.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });
});
