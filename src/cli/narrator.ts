import type { Span, SpanOf, Totals, Trace } from '../trace/trace.js';
import { clip, WIDTH } from './layout.js';
import type { Paint } from './paint.js';

const WHO_WIDTH = 16;
const TIME_WIDTH = 9;

/** Something that happened in a run. */
interface Event {
  /** Told once for each key. */
  key: string;
  at: number;
  who: string;
  text: string;
  color?: keyof Paint;
  /** Concluded from what has not happened so far, and not to be told before the run has ended. */
  tentative?: true;
}

/** Tells what happens in a run, from traces that grow: a line when an agent, turn, tool or approval begins or ends. */
export class Narrator {
  private readonly told = new Set<string>();

  constructor(private readonly paint: Paint) {}

  /** What the trace shows that was not told yet, in the order in which it happened. */
  tell(trace: Trace): string[] {
    const isOpen = trace.end === undefined;
    const news = eventsOf(trace, 'run').filter(
      ({ key, tentative }) => !this.told.has(key) && !(tentative && isOpen),
    );
    // Sorting is stable: what happened in the same millisecond stays in the order of the tree.
    return news
      .sort((a, b) => a.at - b.at)
      .map((event) => {
        this.told.add(event.key);
        return this.line(event, trace.start);
      });
  }

  private line({ at, who, text, color }: Event, start: number): string {
    const time = `${(Math.max(0, at - start) / 1000).toFixed(1)} s`.padStart(TIME_WIDTH - 2);
    const rest = clip(text, WIDTH - TIME_WIDTH - WHO_WIDTH);
    const painted = color ? this.paint[color](rest) : rest;
    return `${this.paint.dim(time)}  ${this.paint.bold(clip(who, WHO_WIDTH - 2).padEnd(WHO_WIDTH))}${painted}`;
  }
}

/** What a span and those below it tell, each span's beginning first and its end last. */
function eventsOf(span: Span, who: string): Event[] {
  const inner = span.kind === 'agent' || span.kind === 'child' ? span.name : who;
  const below = span.children.flatMap((child) => eventsOf(child, inner));
  switch (span.kind) {
    case 'agent':
      // An agent without an output has handed the conversation over.
      return [
        begins(span, inner, 'begins'),
        ...below,
        ...ends(span, inner, span.output === undefined ? 'done' : `done · ${brief(span.output)}`),
      ];
    case 'child':
      return [begins(span, inner, `begins as ${span.workflowId}`), ...below, ...ends(span, inner, 'done')];
    case 'turn':
      return [...below, ...ends(span, who, describeTurn(span))];
    case 'tool':
      return ends(span, who, `${span.name} ${brief(span.input)} → ${brief(span.output)}`);
    case 'activity':
      return ends(span, who, `${span.summary ?? span.name} · done`);
    case 'approval':
      return describeApproval(span);
    case 'run':
      return [...below, ...stuck(span)];
    default:
      return below;
  }
}

function stuck({ id, stuck: error }: SpanOf<'run'>): Event[] {
  if (!error) return [];
  return [{ key: `${id}:stuck`, at: Date.now(), who: 'run', text: `stuck: ${error.message}`, color: 'bad' }];
}

function begins({ id, start }: Span, who: string, text: string): Event {
  return { key: `${id}:start`, at: start, who, text, color: 'dim' };
}

function ends(span: Span, who: string, text: string): Event[] {
  const { id, end, status, error, name } = span;
  if (end === undefined) return [];
  const key = `${id}:end`;
  if (error)
    return [{ key, at: end, who, text: `${name} failed: ${error.code}: ${error.message}`, color: 'bad' }];
  if (status === 'cancelled')
    return [{ key, at: end, who, text: `${name} cancelled`, color: 'dim', tentative: true }];
  return [{ key, at: end, who, text, ...(span.kind === 'agent' ? { color: 'good' as const } : {}) }];
}

function describeTurn(span: SpanOf<'turn'>): string {
  const { turn, usage, cost, model, offline, message, step, handoff } = span;
  const calls = (message?.calls ?? []).map(({ tool }) => tool);
  return [
    `turn ${turn}`,
    offline ? 'offline model' : (model ?? ''),
    usage ? `${usage.input + usage.output} tokens` : '',
    cost && !offline ? money(cost) : '',
    calls.length > 0 ? `calls ${calls.join(', ')}` : '',
    handoff ? `hands over to ${handoff.to}` : '',
    step === 'repair' ? 'the output did not fit its schema: asked again' : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function describeApproval({ id, start, end, request, decision }: SpanOf<'approval'>): Event[] {
  const { approvers, title } = request;
  const asks = `waits for ${approvers?.join(' or ') ?? 'anybody'}: ${title}`;
  const asked: Event = { key: `${id}:start`, at: start, who: 'approval', text: asks, color: 'attention' };
  if (!decision) return [asked];
  const { status, by, via, comment } = decision;
  const how = by === undefined ? ` by ${via}` : ` by ${by}`;
  const text = `${status}${how}${comment === undefined ? '' : `: ${comment}`}`;
  const color = decision.approved ? 'good' : 'bad';
  return [asked, { key: `${id}:end`, at: end ?? decision.at, who: 'approval', text, color }];
}

/** The sums of a run in a line. */
export function summarise({ turns, toolCalls, usage, cost, offline, unpriced }: Totals): string {
  const tokens = (usage.input + usage.output).toLocaleString('en-US');
  const spent = unpriced > 0 ? `${money(cost)}, without models that have no price` : money(cost);
  // The offline model costs nothing; its tokens at the prices of the models that it stands for give an idea.
  const price = offline ? `offline model: nothing spent (about ${money(cost)} with real ones)` : spent;
  return `${count(turns, 'turn')} · ${count(toolCalls, 'tool call')} · ${tokens} tokens · ${price}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function money(usd: number): string {
  return `$${usd.toFixed(4)}`;
}

function brief(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
