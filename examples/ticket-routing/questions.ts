import { CsvError, parse, type Info } from 'csv-parse/sync';
import { BatonError } from 'batonjs/agents';

/** Characters of a question at most: a page of them goes through Temporal as one value. */
const MAX_TEXT = 4_000;
/** Questions of a file at most: the result of a run names each of them, and has room for 2 MB. */
export const MAX_QUESTIONS = 40_000;
const SHOWN_PROBLEMS = 3;

export interface Question {
  /** Where it begins in its file, from 1. */
  line: number;
  text: string;
  /** Place of its category among the categories; absent where nobody has said it. */
  expected?: number;
}

/**
 * Reads questions from CSV with the columns `text` and, where they are labelled, `category`.
 * @throws BatonError `ConfigInvalid`, with the lines that are wrong
 */
export function parseQuestions(csv: string, file: string, labels: readonly string[]): Question[] {
  const [header, ...rows] = readRows(csv, file);
  const columns = (header?.record ?? []).map((name) => name.trim().toLowerCase());
  const [text, category] = [columns.indexOf('text'), columns.indexOf('category')];
  if (text < 0) {
    const there = columns.filter((name) => name !== '').join(', ');
    throw invalid(`${file}, line 1: there is no column "text" (there is: ${there || 'nothing'})`);
  }
  if (rows.length === 0) throw invalid(`${file}: there are no questions in it`);
  if (rows.length > MAX_QUESTIONS) {
    throw invalid(
      `${file}: there are ${count(rows.length)} questions in it; a run takes at most ${count(MAX_QUESTIONS)}: split it`,
    );
  }
  const problems: string[] = [];
  const placeOf = new Map(labels.map((label, place) => [label, place]));
  const questions = rows.map(({ record, line }): Question => {
    const [asked, named] = [(record[text] ?? '').trim(), (record[category] ?? '').trim()];
    const expected = placeOf.get(named);
    if (record.length !== columns.length)
      problems.push(`line ${line}: it has ${record.length} fields, the header ${columns.length}`);
    else if (asked === '') problems.push(`line ${line}: the text is empty`);
    else if (asked.length > MAX_TEXT)
      problems.push(`line ${line}: the text has more than ${count(MAX_TEXT)} characters`);
    else if (named !== '' && expected === undefined)
      problems.push(`line ${line}: "${named}" is not among the categories`);
    return { line, text: asked, ...(expected === undefined ? {} : { expected }) };
  });
  if (problems.length > 0) {
    const more = problems.length - SHOWN_PROBLEMS;
    const shown = problems.slice(0, SHOWN_PROBLEMS).join('; ');
    throw invalid(`${file}, ${shown}${more > 0 ? `; and ${count(more)} more` : ''}`);
  }
  return questions;
}

/** The records of a file, the header first. */
function readRows(csv: string, file: string): { record: string[]; line: number }[] {
  try {
    // The parser counts a line that ends in two characters twice, where it is within quotes.
    const rows = parse(csv.replace(/\r\n?/g, '\n'), {
      bom: true,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
    }) as unknown as { record: string[]; info: Info }[];
    return rows.map(({ record, info }) => ({
      record,
      // The parser counts to the end of a record, whose fields may go over several lines.
      line: info.lines - record.join('').split('\n').length + 1,
    }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = typeof cause['lines'] === 'number' ? `, line ${cause['lines']}` : '';
    throw new BatonError('ConfigInvalid', `${file}${line}: ${cause.message}`, { cause });
  }
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}

function invalid(problem: string): BatonError {
  return new BatonError('ConfigInvalid', problem);
}
