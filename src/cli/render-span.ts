import type { Json } from '../agents/json.js';
import {
  CLOSE_SIGNAL,
  COMPENSATE_ACTIVITY,
  DELIVER_ACTIVITY,
  EVENT_SIGNAL,
  SEND_UPDATE,
  UNDO_SIGNAL,
} from '../agents/names.js';
import type { Span, SpanError, SpanOf } from '../trace/trace.js';
import { isOpen } from '../trace/span-status.js';
import { bytes } from './bytes.js';
import { compactionText } from './render-view.js';
import { storedText } from './stored-text.js';

/** One span as one line: what it is, and beside it what is worth knowing of it. */
export interface SpanLine {
  name: string;
  detail: string;
  /** Whether the detail says what went wrong. */
  bad?: boolean;
}

/**
 * What a span did, in words; not clipped, but for values that may be long.
 * @param now milliseconds since the epoch, for what is still to come
 */
export function renderSpan(span: Span, now: number): SpanLine {
  switch (span.kind) {
    case 'run':
    case 'branch':
      return { name: span.name, detail: '' };
    case 'agent': {
      const from = span.handedOverBy === undefined ? '' : ` (from ${span.handedOverBy})`;
      return ended(span, `${span.name}${from}`, `${modelOf(span)}${outcome(span.output)}`);
    }
    case 'turn':
      return turnLine(span, now);
    case 'compaction':
      return ended(span, span.name, `${compactionText(span)} ${retriesOf(span, now)}`);
    case 'tool':
      return ended(span, `${span.name}${hintOf(span.input)}`, `${retriesOf(span, now)}${resultOf(span)}`);
    case 'approval':
      return approvalLine(span);
    case 'child':
      return childLine(span);
    case 'activity': {
      const { summary, operation, name } = span;
      const label = operation === 'message' ? arrivalOf('signal', name, span.input) : activityName(name);
      const what = summary === undefined ? hintOf(span.input[0] ?? null) : ` ${summary}`;
      return ended(span, `${label}${what}`.trim(), `${retriesOf(span, now)}${outcome(span.output)}`);
    }
    case 'timer':
      return { name: span.name, detail: `timer of ${length(span.duration)}` };
    case 'signal':
      return ended(span, arrivalOf('signal', span.name, span.input), '');
    case 'update':
      return ended(span, arrivalOf('update', span.name, span.input), outcome(span.output));
    default:
      return span satisfies never;
  }
}

/** The text in one line, without what a terminal would obey. */
export function oneLine(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

export function textOf(value: Json | undefined): string {
  return storedText(value) ?? (typeof value === 'string' ? value : JSON.stringify(value ?? null));
}

/** A length of time as people read it: `340 ms`, `1.2 s`, `3 min 12 s`, `2 d 4 h`. */
export function length(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ] as const;
  let left = Math.round(ms / 1000);
  const parts = units.map(([unit, seconds]) => {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    return { count, text: `${count} ${unit}` };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(({ count }) => count > 0)
    .map(({ text }) => text)
    .join(' ');
}

function ended({ error }: { error?: SpanError | undefined }, name: string, detail: string): SpanLine {
  return error ? { name, detail: errorText(error), bad: true } : { name, detail: detail.trim() };
}

export function errorText({ code, message }: SpanError): string {
  return code === 'ToolError' || code === 'Error' ? message : `${code}: ${message}`;
}

function turnLine(span: SpanOf<'turn'>, now: number): SpanLine {
  const fallback = span.fallbackFrom === undefined ? '' : `after ${span.fallbackFrom} failed`;
  const before = [modelOf(span), fallback, retriesOf(span, now)].filter((part) => part !== '').join(' ');
  if (span.error) return { name: span.name, detail: `${before} ${errorText(span.error)}`.trim(), bad: true };
  return { name: span.name, detail: `${before} ${stepOf(span)}`.trim() };
}

function stepOf({ step, message, repair, handoff, rejection }: SpanOf<'turn'>): string {
  switch (step) {
    case 'tools':
      return `calls ${message?.calls?.map(({ tool }) => tool).join(', ')}`;
    case 'repair':
      return `to be repaired: ${textOf(repair)}`;
    case 'handoff':
      return `hands over to ${handoff?.to}${handoff?.message === undefined ? '' : `: ${handoff.message}`}`;
    case 'inputRejected':
      return `rejects its input: ${rejection}`;
    case 'final':
      return 'answers';
    case undefined:
      return '';
    default:
      return step satisfies never;
  }
}

function modelOf(span: {
  model?: string | undefined;
  totals?: { offline: boolean };
  offline?: true | undefined;
}) {
  if (span.offline === true || span.totals?.offline === true) return 'offline model';
  return span.model ?? '';
}

function retriesOf(
  {
    attempts = 1,
    lastFailure,
    nextAttempt,
    end,
  }: Pick<SpanOf<'tool'>, 'attempts' | 'lastFailure' | 'nextAttempt' | 'end'>,
  now: number,
): string {
  if (attempts < 2) return '';
  const why = lastFailure ? errorText(lastFailure) : '';
  if (end !== undefined) return `(attempt ${attempts}${why && `, before: ${why}`})`;
  const wait = (nextAttempt ?? 0) - now;
  return `attempt ${attempts}${wait > 0 ? ` in ${length(wait)}` : ''}${why && `: ${why}`}`;
}

function approvalLine({ request, decision, error, name, status: state }: SpanOf<'approval'>): SpanLine {
  const label = `approval ${request.n}: ${name}`;
  if (!decision && !isOpen(state))
    return { name: label, detail: 'closed: nobody answered while it was asked' };
  if (!decision) {
    const who = `waits for ${request.approvers?.join(' or ') ?? 'anybody'}`;
    return { name: label, detail: error ? `${who}; nobody could be told: ${error.message}` : who };
  }
  const { status, approved, by, choice, comment, via } = decision;
  const parts = [
    status,
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(via === 'deadline' && status !== 'expired' ? ['at its deadline'] : []),
    ...(choice === undefined ? [] : [`(${choice})`]),
  ];
  const why = comment === undefined ? '' : `: ${comment}`;
  return { name: label, detail: `${parts.join(' ')}${why}`, bad: !approved };
}

function childLine(span: SpanOf<'child'>): SpanLine {
  const { name, type, workflowId, output, error, stuck, untraced } = span;
  const label = name === type || name.startsWith(`${type}.`) ? name : `${name} ${type}`;
  const failed = error ?? stuck;
  if (failed) return { name: label, detail: `${workflowId} ${errorText(failed)}`, bad: true };
  if (untraced !== undefined) return { name: label, detail: `${workflowId} (${untraced})` };
  return { name: label, detail: `${workflowId}${outcome(output)}` };
}

function resultOf({ stored, output }: SpanOf<'tool'>): string {
  return stored ? ` → ${bytes(stored.bytes)}, stored as ${stored.digest}` : outcome(output);
}

function outcome(output: Json | undefined): string {
  return output === undefined || output === null ? '' : ` → ${textOf(output)}`;
}

/** The first text or number among the arguments, by which one call is told from another. */
function activityName(name: string): string {
  if (name === DELIVER_ACTIVITY) return 'emit';
  // Its summary says what it undoes.
  return name === COMPENSATE_ACTIVITY ? '' : name;
}

/** What came to a run, or went to another: an event, a message to a session, or a signal or update of another name. */
function arrivalOf(kind: 'signal' | 'update', name: string, [first = null]: readonly Json[]): string {
  const given = typeof first === 'object' && first !== null && !Array.isArray(first) ? first : {};
  if (name === EVENT_SIGNAL && given.name !== undefined)
    return `event ${textOf(given.name)}${hintOf(given.data ?? null)}`;
  if (name === CLOSE_SIGNAL) return 'close';
  if (name === UNDO_SIGNAL) return `undo${hintOf(first)}`;
  if (name === SEND_UPDATE) return `message${hintOf(given.message ?? null)}`;
  return `${kind} ${name}${hintOf(first)}`;
}

function hintOf(input: Json): string {
  const values = typeof input === 'object' && input !== null ? Object.values(input) : [input];
  const hint = values.find(
    (value) => (typeof value === 'string' && value !== '') || typeof value === 'number',
  );
  if (hint === undefined) return '';
  const text = oneLine(String(hint));
  const short = text.length > 40 ? `${text.slice(0, 39)}…` : text;
  return typeof hint === 'number' ? ` ${short}` : ` "${short}"`;
}
