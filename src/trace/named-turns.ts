import type { Span, SpanOf } from './trace.js';

/** Agents whose turns are listed at most. */
const MAX_LISTED = 20;

interface AgentTurns {
  agent: SpanOf<'agent'>;
  turns: SpanOf<'turn'>[];
}

/**
 * Ids of the turns that a name means: an id itself, or the path or the name of an agent with the turn's number, such as
 * `clerk.1#3` or `clerk#3`, in whichever of the runs the turn was taken.
 */
export function turnsNamed(trace: Span, name: string): string[] {
  const agents = agentsIn(trace);
  const such = (is: (turn: SpanOf<'turn'>, agent: SpanOf<'agent'>) => boolean) =>
    agents.flatMap(({ agent, turns }) => turns.flatMap((turn) => (is(turn, agent) ? [turn.id] : [])));
  const ways = [
    such(({ id }) => id === name),
    such((turn, { path }) => `${path}${numberOf(turn)}` === name),
    such((turn, agent) => `${agent.name}${numberOf(turn)}` === name),
  ];
  return ways.find((ids) => ids.length > 0) ?? [];
}

/** The turns of a trace in words: `clerk.1#1 to #250, expert.1#1`. */
export function nameTurns(trace: Span): string {
  const agents = agentsIn(trace).filter(({ turns }) => turns.length > 0);
  const listed = agents.slice(0, MAX_LISTED).flatMap(({ agent: { path }, turns }) => {
    const isOnly = agents.filter(({ agent }) => agent.path === path).length === 1;
    const [first, last] = [turns[0], turns.at(-1)];
    if (!first || !last) return [];
    return `${isOnly ? path + numberOf(first) : first.id}${first === last ? '' : ` to ${numberOf(last)}`}`;
  });
  const more = agents.length - listed.length;
  return [...listed, ...(more > 0 ? [`and those of ${more} more calls`] : [])].join(', ') || 'none';
}

function agentsIn(span: Span): AgentTurns[] {
  const turns = span.children.filter((child) => child.kind === 'turn');
  return [...(span.kind === 'agent' ? [{ agent: span, turns }] : []), ...span.children.flatMap(agentsIn)];
}

/** With its `#`, and how often the turn was taken where it was more than once. */
function numberOf({ id }: SpanOf<'turn'>): string {
  return id.slice(id.lastIndexOf('#'));
}
