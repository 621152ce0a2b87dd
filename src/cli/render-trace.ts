import { editsFlag } from './edits-flag.js';
import { foldTurns } from './fold-turns.js';
import type { Span, SpanOf, SpanStatus, Trace } from '../trace/trace.js';
import { timeLeft } from './layout.js';
import { messageLinesOf } from './render-messages.js';
import { errorText, length, oneLine, renderSpan, textOf } from './render-span.js';

export interface RenderTraceOptions {
  /** Milliseconds since the epoch, for what still goes on. */
  now: number;
  /** ANSI colours. Default: none. */
  color?: boolean;
  /** Shows inputs, messages, and outputs too. */
  verbose?: boolean;
}

/** Columns of a line at most. */
const WIDTH = 100;
/** Columns below which a detail is left out. */
const MIN_DETAIL = 4;
/** Columns of tokens, cost and time at the right. */
const NUMBERS = [8, 9, 12] as const;

const MARKS: Readonly<Record<SpanStatus, string>> = {
  running: '●',
  waiting: '◌',
  completed: '✓',
  failed: '✗',
  cancelled: '○',
  timedOut: '✗',
};

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;
type Style = keyof typeof CODES;

/** A trace as a tree for the terminal, 100 columns wide: a line for each span, and above it how the run stands. */
export function renderTrace(
  trace: Trace,
  { now, color = false, verbose = false }: RenderTraceOptions,
): string {
  const paint = (style: Style, text: string) => {
    const [on, off] = CODES[style];
    return color && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  };
  const view = { now, verbose, paint };
  const tree = trace.children.flatMap((span, i) =>
    branchLines(span, '', i === trace.children.length - 1, view),
  );
  return [
    ...headLines(trace, view),
    ...(tree.length > 0 ? ['', ...tree] : []),
    ...footLines(trace, view),
  ].join('\n');
}

interface View {
  now: number;
  verbose: boolean;
  paint(style: Style, text: string): string;
}

function headLines(trace: Trace, { now, paint }: View): string[] {
  const { status, totals, error, stuck, runIds, start } = trace;
  const tokens = totals.usage.input + totals.usage.output;
  const sums = [
    length((trace.end ?? now) - start),
    ...(totals.turns > 0 ? [`${count(tokens)} tokens`, costText(totals)] : []),
    ...some(totals.turns, 'turn'),
    ...some(totals.toolCalls, 'tool call'),
    ...some(totals.retries, 'retry', 'retries'),
    ...some(totals.repairs, 'repair'),
  ];
  const failure = error ?? stuck;
  return [
    `${mark(status, paint)} ${paint('bold', oneLine(trace.name))}  ${oneLine(trace.workflowId)}  ${paint(styleOf(status), wordOf(status))}`,
    paint(
      'dim',
      `  run ${runIds.at(-1) ?? ''}${runIds.length > 1 ? `, ${runIds.length} runs in a row` : ''}`,
    ),
    `  ${sums.join(' · ')}`,
    ...(totals.offline
      ? [paint('yellow', '  offline model: the built-in stand-in answered, no AI did')]
      : []),
    ...unconfirmedLines(totals).map((line) => paint('dim', line)),
    ...noteLines(trace).map((line) => paint('yellow', line)),
    ...(failure
      ? [paint('red', `  ${clip(`${stuck ? 'stuck: ' : ''}${errorText(failure)}`, WIDTH - 2)}`)]
      : []),
    ...approvalsIn(trace).flatMap((approval) => waitLines(approval, now, paint)),
  ];
}

function unconfirmedLines({ unconfirmed: { calls, usd }, unpriced }: Trace['totals']): string[] {
  const most = usd > 0 ? `, up to ${dollars(usd)} more` : '';
  return [
    ...some(calls, 'model call').map((text) => `  ${text} may have been paid for without an answer${most}`),
    ...some(unpriced, 'answer').map((text) => `  ${text} of models without a price`),
  ];
}

/** Notes that are shown; the trace as data has them all. */
const NOTES = 8;

/** What did not go as it should: it stands above all else that the run says of its result. */
function noteLines({ notes, moreNotes = 0 }: Trace): string[] {
  const lines = notes.slice(0, NOTES).map(({ kind, at, instead, code, message, workflowId }) => {
    const place = [workflowId, at].filter(Boolean).join(' · ') || 'the run';
    const what = kind === 'missing' ? `missing: ${place}` : `${place}: ${instead ?? kind}`;
    return `  ${clip(`! ${what} (${code}: ${message})`, WIDTH - 2)}`;
  });
  const rest = notes.length - lines.length + moreNotes;
  return [...lines, ...(rest > 0 ? [`  ! and ${rest} more such notes`] : [])];
}

/** What the run waits for, and the command that answers it. */
function waitLines({ approvalId, request }: SpanOf<'approval'>, now: number, paint: View['paint']): string[] {
  const { approvers, deadline, options, title } = request;
  const who = approvers?.join(' or ') ?? 'anybody';
  const left = deadline === undefined ? '' : `, ${timeLeft(deadline - now)} left`;
  const by = approvers?.[0] ?? '<name>';
  return [
    '',
    `  ${paint('yellow', clip(`waits for ${who}${left}: ${title}`, WIDTH - 2))}`,
    ...(options ? [`  options: ${clip(options.join(', '), WIDTH - 11)}`] : []),
    `    npx baton approve ${oneLine(approvalId)} --by ${/^[\w.@-]+$|^<name>$/.test(by) ? by : `'${by.replaceAll("'", "'\\''")}'`}${editsFlag(request)}`,
  ];
}

function approvalsIn(span: Span): SpanOf<'approval'>[] {
  if (span.kind === 'approval') return span.status === 'waiting' ? [span] : [];
  return span.children.flatMap(approvalsIn);
}

function branchLines(span: Span, indent: string, isLast: boolean, view: View): string[] {
  const below = `${indent}${isLast ? '   ' : '│  '}`;
  const parts = view.verbose ? messageLinesOf(span) : [];
  const bar = span.children.length > 0 ? '│  ' : '   ';
  const inner = view.verbose ? span.children : foldTurns(span.children);
  return [
    spanLine(span, `${indent}${isLast ? '└─ ' : '├─ '}`, view),
    ...parts.map((line) => view.paint('dim', `${below}${bar}${line}`)),
    ...inner.flatMap((child, i) =>
      child.kind === 'folded'
        ? [view.paint('dim', `${below}┆  ${child.count} turns more, which --verbose shows`)]
        : branchLines(child, below, i === inner.length - 1, view),
    ),
  ];
}

function spanLine(span: Span, indent: string, { now, paint }: View): string {
  const { name, detail, bad } = renderSpan(span, now);
  const [tokens, cost] = numbersOf(span);
  const time = span.kind === 'signal' ? '' : length((span.end ?? now) - span.start);
  const columns = [tokens, cost, time].map((value, i) => value.padStart(NUMBERS[i] ?? 0));
  const numbers = columns.join('').trimStart();
  const room = Math.max(20, WIDTH - numbers.length - indent.length - 4);
  const label = clip(name, room);
  const rest = room - label.length < MIN_DETAIL + 2 ? '' : clip(detail, room - label.length - 2);
  const text = [
    isTitle(span) ? paint('bold', label) : label,
    ...(rest === '' ? [] : [paint(bad ? 'red' : 'dim', rest)]),
  ];
  const used = rest === '' ? label.length : label.length + 2 + rest.length;
  const padding = ' '.repeat(room - used + 2);
  return `${paint('dim', indent)}${mark(span.status, paint)} ${text.join('  ')}${padding}${paint('dim', numbers)}`.trimEnd();
}

function isTitle({ kind }: Span): boolean {
  return kind === 'agent' || kind === 'branch' || kind === 'child';
}

function numbersOf(span: Span): [string, string] {
  if ('totals' in span) {
    const { usage, turns } = span.totals;
    return turns === 0 ? ['', ''] : [count(usage.input + usage.output), costText(span.totals)];
  }
  if (span.kind !== 'turn' || !span.usage) return ['', ''];
  return [
    count(span.usage.input + span.usage.output),
    span.cost === undefined ? 'no price' : dollars(span.cost),
  ];
}

function costText({ cost, unpriced, turns }: Trace['totals']): string {
  return cost === 0 && unpriced > 0 && unpriced === turns ? 'no price' : dollars(cost);
}

function dollars(usd: number): string {
  if (usd > 0 && usd < 0.00005) return '<$0.0001';
  return `$${usd.toFixed(usd >= 100 ? 2 : 4)}`;
}

/** The head's foot: how the run ended, for people who want to see no more. */
function footLines({ output }: Trace, { verbose, paint }: View): string[] {
  if (output === undefined || output === null) return [];
  const text = textOf(output);
  return [
    '',
    `${paint('bold', 'result')}  ${verbose ? text.replace(/[^\P{Cc}\n]+/gu, ' ') : clip(text, WIDTH - 8)}`,
  ];
}

function mark(status: SpanStatus, paint: View['paint']): string {
  return paint(styleOf(status), MARKS[status]);
}

function styleOf(status: SpanStatus): Style {
  const styles = {
    running: 'cyan',
    waiting: 'yellow',
    completed: 'green',
    failed: 'red',
    cancelled: 'dim',
    timedOut: 'red',
  } as const satisfies Record<SpanStatus, Style>;
  return styles[status];
}

function wordOf(status: SpanStatus): string {
  return status === 'timedOut' ? 'timed out' : status;
}

function clip(text: string, width: number): string {
  const line = oneLine(text);
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}

function count(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  return tokens < 999_950 ? `${(tokens / 1000).toFixed(1)}k` : `${(tokens / 1e6).toFixed(2)}M`;
}

/** A count with its noun, where there is any. */
function some(n: number, noun: string, nouns = `${noun}s`): string[] {
  return n === 0 ? [] : [`${n} ${n === 1 ? noun : nouns}`];
}
