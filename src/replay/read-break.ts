import { DeterminismViolationError } from '@temporalio/workflow';
import type { temporal } from '@temporalio/proto';
import { recordedEvent, type RecordedEvent } from './recorded-event.js';

/** Why a history cannot be replayed by the present code. */
export interface Break {
  /**
   * `changed`: the code does something else than the history has. `failed`: the code threw, or did not come to an end.
   */
  kind: 'changed' | 'failed';
  /** What Temporal says, or what the code threw. */
  message: string;
  /** Where the history and the code part; absent where Temporal does not tell. */
  event?: RecordedEvent;
  /** What the code does instead, in words: `starts a timer`. */
  command?: string;
  /** Line of the code that threw. */
  at?: string;
}

/** What Temporal's core calls what a workflow has asked for. */
const MACHINES: Readonly<Record<string, string>> = {
  Activity: 'calls an activity',
  'Local activity': 'calls an activity locally',
  LocalActivity: 'calls an activity locally',
  Timer: 'starts a timer',
  'Child workflow': 'starts a child run',
  'Complete workflow': 'ends with a result',
  'Fail workflow': 'fails',
  'Cancel workflow': 'ends as cancelled',
  'Continue as new workflow': 'continues as new',
  'Signal external': 'sends a signal',
  'Cancel external': 'cancels another run',
  Patch: 'asks for a patch',
  'Upsert search attributes': 'sets search attributes',
  'Modify workflow properties': 'sets its memo',
};

type History = temporal.api.history.v1.IHistory;

/** Reads what a replay failed with. */
export function readBreak(error: Error, history: History): Break {
  const message = quoted('message', error.message) ?? error.message;
  if (!(error instanceof DeterminismViolationError)) {
    const at = firstOwnLine(quoted('stack_trace', error.message) ?? '');
    return { kind: 'failed', message, ...(at === undefined ? {} : { at }) };
  }
  const said = message.replace(/^\[TMPRL\d+\] (Nondeterminism error: )?/, '');
  const event = eventOf(said, history);
  const command = commandOf(said);
  return {
    kind: 'changed',
    message: said,
    ...(event ? { event: recordedEvent(event) } : {}),
    ...(command === undefined ? {} : { command }),
  };
}

/** A field of what Rust prints of a structure. */
function quoted(name: string, text: string): string | undefined {
  const [, value] = new RegExp(`\\b${name}: "((?:[^"\\\\]|\\\\.)*)"`, 's').exec(text) ?? [];
  return value
    ?.replace(/\\u\{([0-9a-f]+)\}/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
    .replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' };

function eventOf(said: string, { events }: History) {
  const [, id] = /HistoryEvent\(id: (\d+)/.exec(said) ?? [];
  if (id !== undefined) return events?.find(({ eventId }) => String(eventId) === id);
  const [, patch] = /patch marker encountered for change (\S+?),/.exec(said) ?? [];
  if (patch === undefined) return undefined;
  return events?.find((event) => recordedEvent(event).about === `patch ${patch}`);
}

function commandOf(said: string): string | undefined {
  const [, machine] = /^(.+?) machine does not handle this event/i.exec(said) ?? [];
  if (machine !== undefined) return MACHINES[machine] ?? `does something else (${machine.toLowerCase()})`;
  if (/^No command scheduled for event/.test(said)) return 'does nothing';
  const [, kind, name] = /does not match .* of (.*?)command '(.*)'$/.exec(said) ?? [];
  if (name !== undefined) return `has ${kind?.trim() ? `the ${kind.trim()}` : 'the child run'} "${name}"`;
  return /no corresponding change command/.test(said) ? 'does not ask for it any more' : undefined;
}

/** Of a stack the place in the user's code. */
function firstOwnLine(stack: string): string | undefined {
  const places = [...stack.matchAll(/^\s+at (.*)$/gm)].map(([, place = '']) => place);
  return places.find((place) => !/node_modules|workflow-bundle-/.test(place));
}
