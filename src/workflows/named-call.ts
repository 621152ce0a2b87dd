import type { ChildOptions } from './child-options.js';
import type { AgentPlacement } from './take-turn.js';

/** A child workflow that is known by its type; `agent` is set where it runs one agent. */
export interface ChildCall {
  kind: 'child';
  type: string;
  options: ChildOptions;
  agent?: string;
  placement?: AgentPlacement;
}

/** What is known by its name wherever workflows run, and so can be called from another workflow, unlike a closure. */
export type NamedCall = { kind: 'agent'; name: string; placement: AgentPlacement } | ChildCall;

const NAMED = Symbol('batonjs.named');

/** Marks a function as a call that has a name. */
export function named<F extends (input: never) => Promise<unknown>>(fn: F, call: NamedCall): F {
  return Object.defineProperty(fn, NAMED, { value: call });
}

/** The call behind a function; undefined for a closure. */
export function namedCallOf(fn: (input: never) => Promise<unknown>): NamedCall | undefined {
  return (fn as { [NAMED]?: NamedCall })[NAMED];
}

/** Name of the agent that a call runs, here or in a child; undefined for an orchestration or a closure. */
export function agentOf(call: NamedCall | undefined): string | undefined {
  return call?.kind === 'agent' ? call.name : call?.agent;
}
