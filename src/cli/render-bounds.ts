import type { OwnBounds } from '../activities/agent-bounds.js';
import type { Bounds } from '../activities/bounds.js';
import type { BoundedPart } from '../activities/pattern-bounds.js';
import { columns, WIDTH, wrap } from './layout.js';
import type { Paint } from './paint.js';

/** What something can come to at most, and out of what. */
export interface Explanation {
  title: string;
  /** One call of each agent that takes part, without those that it calls. */
  agents: readonly OwnBounds[];
  /** Of a pattern: what comes how often. */
  parts?: readonly BoundedPart[];
  total: Bounds;
}

export function renderBounds({ title, agents, parts, total }: Explanation, paint: Paint): string[] {
  const { open, writes } = total;
  return [
    paint.bold(`${title}, at most`),
    ...columns([
      ['  turns', count(total.turns)],
      ['  model calls', count(total.modelCalls)],
      ['  at once', count(total.atOnce)],
      ['  child runs', count(total.children)],
      ['  cost', total.modelCalls === Infinity && total.usd === Infinity ? 'unbounded' : money(total.usd)],
    ]),
    ...(parts ? ['', 'out of', ...partRows(parts)] : []),
    '',
    'one call of each agent, by itself',
    ...columns(
      agents.map(({ agent, turns, modelCalls, usd }) => [
        `  ${agent}`,
        `${turns} turns`,
        `${modelCalls} model calls`,
        money(usd),
      ]),
    ),
    ...section('Not bounded, or not known:', open),
    ...section('Tools that write without anybody having to agree:', writes.map(paint.attention)),
    '',
    paint.dim('A budget bounds the cost of a run whatever happens: npx baton start ... --budget USD'),
  ];
}

function partRows(parts: readonly BoundedPart[]): string[] {
  return columns(
    parts
      .filter(({ times }) => times > 0)
      .map(({ name, times, each }) => [
        `  ${count(times)} ×`,
        name,
        `${count(each.modelCalls)} model calls`,
        `${money(each.usd)} each`,
      ]),
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : ['', title, ...lines.map((line) => wrap(`- ${line}`, { width: WIDTH, indent: '  ' }))];
}

function count(number: number): string {
  return number === Infinity ? 'unbounded' : number.toLocaleString('en-US');
}

function money(usd: number): string {
  return usd === Infinity ? 'unknown' : `$${usd.toFixed(usd >= 100 ? 2 : 4)}`;
}
