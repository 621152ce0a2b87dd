import type { Break } from '../replay/read-break.js';
import type { HistoryHead } from '../replay/history-head.js';
import { wrap, WIDTH } from './layout.js';
import type { Paint } from './paint.js';

/** What became of one history. */
export type Outcome = { from: string } & (
  | ({ kind: 'replayed' } & HistoryHead)
  | ({ kind: 'broken'; why: Break } & HistoryHead)
  | ({ kind: 'skipped'; why: string } & Partial<HistoryHead>)
  | { kind: 'unreadable'; why: string }
);

/** One history, in as many lines as it needs. */
export function renderOutcome(outcome: Outcome, paint: Paint): string[] {
  const { from } = outcome;
  switch (outcome.kind) {
    case 'replayed':
      return [`${paint.good('ok')}          ${from}  ${paint.dim(sizeOf(outcome))}`];
    case 'broken':
      return [
        `${paint.bad('breaks')}      ${paint.bold(from)}  ${paint.dim(`${sizeOf(outcome)} · run ${outcome.runId}`)}`,
        ...reasonOf(outcome.why).map((line) => wrap(line, { width: WIDTH, indent: INDENT })),
      ];
    case 'skipped':
      return [`${paint.dim('skipped')}     ${from}  ${paint.dim(skippedFor(outcome))}`];
    case 'unreadable':
      return [`${paint.bad('unreadable')}  ${from}  ${outcome.why}`];
  }
}

const INDENT = ' '.repeat(12);

function sizeOf({ type, events }: HistoryHead): string {
  return `${type} · ${events} events`;
}

function skippedFor({ type, why }: { type?: string; why: string }): string {
  return type === undefined ? why : `${type} · ${why}`;
}

function reasonOf({ kind, message, event, command, at }: Break): string[] {
  if (kind === 'failed') return [`the code throws: ${message}`, ...(at === undefined ? [] : [`at ${at}`])];
  if (!event) return [command === undefined ? message : `the code ${command} here`, ...saidBy(message)];
  const recorded = `${event.type}${event.about === undefined ? '' : ` (${event.about})`}`;
  const instead = command === undefined ? 'the code does something else' : `the code ${command}`;
  return [`event ${event.id}, ${recorded}: ${instead} there`, ...saidBy(message)];
}

function saidBy(message: string): string[] {
  return [`Temporal: ${message}`];
}

/** How many of what: the last line; and what to do where something would break. */
export function renderTally(
  { replayed, broken, skipped, unreadable, ways }: Tally,
  { bold }: Paint,
): string[] {
  const why = [...skipped].map(([reason, times]) => (skipped.size === 1 ? reason : `${times}: ${reason}`));
  const left = [...skipped.values()].reduce((sum, times) => sum + times, 0);
  const parts = [
    `${replayed} replayed`,
    `${broken} would break`,
    `${left} skipped${why.length > 0 ? ` (${why.join('; ')})` : ''}`,
    ...(unreadable > 0 ? [`${unreadable} unreadable`] : []),
  ];
  return [
    bold(parts.join(', ')),
    ...[...ways].map((kind) => wrap(`Try: ${ADVICE[kind]}`, { width: WIDTH, indent: '  ' })),
  ];
}

const ADVICE: Readonly<Record<Break['kind'], string>> = {
  changed:
    "let runs that began before the change go on as they did: if (patched('what-changed')) { new } else { old }, with patched of @temporalio/workflow; or have them stay with their build by Worker Versioning (docs/deploys.md)",
  failed: 'mend what the code throws: these runs would wait until it does not, and then go on',
};

export interface Tally {
  /** Those that break included. */
  replayed: number;
  broken: number;
  /** How many for which reason. */
  skipped: Map<string, number>;
  unreadable: number;
  /** The ways in which they break. */
  ways: Set<Break['kind']>;
}

export function emptyTally(): Tally {
  return { replayed: 0, broken: 0, skipped: new Map(), unreadable: 0, ways: new Set() };
}

export function count(tally: Tally, outcome: Outcome): void {
  switch (outcome.kind) {
    case 'replayed':
      tally.replayed++;
      return;
    case 'broken':
      tally.replayed++;
      tally.broken++;
      tally.ways.add(outcome.why.kind);
      return;
    case 'skipped':
      tally.skipped.set(outcome.why, (tally.skipped.get(outcome.why) ?? 0) + 1);
      return;
    case 'unreadable':
      tally.unreadable++;
  }
}
