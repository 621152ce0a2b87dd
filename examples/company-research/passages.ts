/** A passage is at most so long, in characters: a financial statement fits, and a handful of them a model's context. */
const MAX_CHARS = 2000;
/** A heading begins a new passage where the one before has grown to this. */
const MIN_CHARS = 400;
const HEADING_CHARS = 90;

/** A part of a page, under the headings that it stands under. */
export interface PagePart {
  heading: string;
  text: string;
}

/**
 * Cuts a page into parts at its headings and the ends of paragraphs; longer ones between lines. Each keeps the heading of the
 * page and its own, since a table says nothing without them.
 */
export function partsOf(page: string): PagePart[] {
  const parts: PagePart[] = [];
  let own = '';
  let text = '';
  let heading = '';
  const blocks = page.split(/\n{2,}/).flatMap(fitting);
  const top = (blocks[0] ?? '').split('\n').slice(0, 4).join(' ').slice(0, 200);
  const close = () => {
    if (text !== '') parts.push({ heading: own === '' || top.includes(own) ? top : `${top} ${own}`, text });
    text = '';
  };
  for (const block of blocks) {
    if (isHeading(block)) heading = block;
    const full = text.length + block.length + 2 > MAX_CHARS;
    if (full || (isHeading(block) && text.length >= MIN_CHARS)) close();
    if (text === '') own = heading;
    text = text === '' ? block : `${text}\n\n${block}`;
  }
  close();
  return parts;
}

function isHeading(block: string): boolean {
  return block.length <= HEADING_CHARS && /^\p{Lu}/u.test(block) && !/[.;,:]$|\d{2}$/.test(block);
}

function fitting(block: string): string[] {
  const trimmed = block.trim();
  if (trimmed.length <= MAX_CHARS) return trimmed === '' ? [] : [trimmed];
  const head = trimmed.slice(0, MAX_CHARS);
  const at = [head.lastIndexOf('\n'), head.lastIndexOf('. ') + 1, head.lastIndexOf(' ')].find(
    (place) => place > MAX_CHARS / 2,
  );
  return [head.slice(0, at ?? MAX_CHARS).trim(), ...fitting(trimmed.slice(at ?? MAX_CHARS))];
}

/** Words, a gap between columns, and the numbers. */
const ROW = /^(.*?\p{L}.*?) {2,}(\(?[$€£]?\(?\d.*)$/u;
const LABEL_CHARS = 100;

/** A row of a table. */
export interface Row {
  label: string;
  line: string;
  /** The lines over the first row, which say what the columns are. */
  head: string;
}

const HEAD_CHARS = 300;

/** The rows of the tables in a text. A label with a single small number is a line of a table of contents. */
export function rowsIn(text: string): Row[] {
  const rows: Row[] = [];
  let head = '';
  let inTable = false;
  for (const line of text.split('\n')) {
    const [, label = '', figures = ''] = ROW.exec(line) ?? [];
    const isRow = label !== '' && label.length <= LABEL_CHARS && !/^\d{1,3}$/.test(figures);
    if (isRow) rows.push({ label, line, head: endOf(head) });
    // What stands over the rows is their head until prose, or another head of several lines, comes.
    else if (line.trim() !== '') head = inTable && line.length > LABEL_CHARS ? line : `${head}\n${line}`;
    inTable = isRow;
  }
  return rows;
}

function endOf(head: string): string {
  const end = head.slice(-HEAD_CHARS).trim();
  return head.length > HEAD_CHARS ? end.slice(end.indexOf('\n') + 1) : end;
}

/** The pages without the lines that stand on most of them, whatever their numbers: running heads, page numbers. */
export function withoutRunningHeads(pages: readonly string[]): string[] {
  const kind = (line: string) => line.replace(/\d+/g, '0').trim();
  const counts = new Map<string, number>();
  for (const page of pages)
    for (const line of new Set(page.split('\n').map(kind))) counts.set(line, (counts.get(line) ?? 0) + 1);
  const isRunning = (line: string) =>
    kind(line) !== '' && pages.length > 2 && (counts.get(kind(line)) ?? 0) > pages.length / 2;
  return pages.map((page) =>
    page
      .split('\n')
      .filter((line) => !isRunning(line))
      .join('\n')
      .trim(),
  );
}

/** A line that is shorter, against the longest of its page, is not broken because the page ends. */
const FULL_LINE = 0.75;

/** A page with the lines of its prose put together: those that are full, in one paragraph, and no rows of a table. */
export function withWholeSentences(page: string): string {
  const lines = page.split('\n');
  const isProse = (line: string) => line !== '' && !/\S {2,}\S/.test(line);
  const longest = Math.max(...lines.filter(isProse).map((line) => line.length), 0);
  return lines.reduce((text, line, i) => {
    const before = lines[i - 1] ?? '';
    const goesOn =
      isProse(before) && isProse(line) && before.length >= longest * FULL_LINE && !/^[•☐☒]/.test(line);
    return i === 0 ? line : `${text}${goesOn ? ' ' : '\n'}${line}`;
  }, '');
}

const CONTENTS_LINE = /\p{L}.* {2,}\d{1,3}$/u;

/**
 * Whether a page says nothing of the company's business: a table of contents, half of whose lines end in the number of a page,
 * or the cover of a report to the SEC.
 */
export function isFrontMatter(page: string): boolean {
  const lines = page.split('\n').filter((line) => line.trim() !== '');
  const entries = lines.filter((line) => CONTENTS_LINE.test(line)).length;
  return (lines.length >= 6 && entries > lines.length / 2) || /^\(Exact name of registrant/im.test(page);
}
