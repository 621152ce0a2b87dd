import { executeChild, workflowInfo } from '@temporalio/workflow';
import type { Json, Jsonify } from '../agents/json.js';
import { AGENT_ORCHESTRATION } from '../agents/names.js';
import type { Budget } from '../agents/usage.js';
import type { ChildOptions } from './child-options.js';
import type { Ledger } from './ledger.js';
import { named, namedCallOf, type ChildCall } from './named-call.js';
import { RunLocal } from './run-local.js';
import { openSpan } from './span.js';
import type { AgentPlacement } from './take-turn.js';

interface ChildSettings {
  span: string;
  budget: Budget | undefined;
  /** Ledger that the budget comes out of. Default: the run's. */
  ledger?: Ledger;
  /** See `RunOptions`. */
  depth?: number;
}

const settings = new RunLocal<ChildSettings>();

/** What `child` tells the interceptor that starts the child. */
export function childSettings(): ChildSettings | undefined {
  return settings.get();
}

/**
 * Runs another orchestration as a child workflow, with a history of its own, and gives its result. It is cancelled with
 * its parent.
 * @throws ChildWorkflowFailure; `failureOf` tells what it means
 */
export function child<Input, Output>(
  orchestration: (input: Input) => Promise<Output>,
  input: Input,
  options: ChildOptions = {},
): Promise<Jsonify<Output>> {
  return startChild(orchestration.name, orchestration.name, input, options) as Promise<Jsonify<Output>>;
}

/**
 * An orchestration, or an agent in a run of its own, as a function that runs it as a child workflow. Unlike a closure it can be
 * given to `mapAll` for any number of items.
 */
export function asChild<Input, Output>(
  fn: (input: Input) => Promise<Output>,
  options: Omit<ChildOptions, 'id'> = {},
): (input: Input) => Promise<Jsonify<Output>> {
  const known = namedCallOf(fn);
  const call: ChildCall =
    known?.kind === 'agent'
      ? { kind: 'child', type: AGENT_ORCHESTRATION, agent: known.name, placement: known.placement, options }
      : known
        ? { ...known, options: { ...known.options, ...options } }
        : { kind: 'child', type: fn.name, options };
  // The result is the orchestration's after its way through JSON, which the type says.
  return named((input: Input) => performChild(call, input as Json) as Promise<Jsonify<Output>>, call);
}

/**
 * Runs a child that is known by name.
 * @param more what an agent is shown before its input
 */
export function performChild(call: ChildCall, input: Json, more: { context?: Json } = {}): Promise<unknown> {
  const { type, agent, placement = {}, options } = call;
  if (agent === undefined) return startChild(type, type, input, options);
  return startChild(type, agent, { agent, input, ...more, ...placed(placement) }, options);
}

/**
 * @param name how the trace and the child's id call it
 * @param from what an agent that calls another one as a tool says beyond that
 */
export function startChild(
  type: string,
  name: string,
  input: unknown,
  { id, budget, taskQueue, timeout, priority }: ChildOptions,
  { span = openSpan(name), ...from }: Partial<ChildSettings> = {},
): Promise<unknown> {
  return settings.run({ span, budget, ...from }, () =>
    executeChild(type, {
      workflowId: id ?? `${workflowInfo().workflowId}/${span}`,
      args: [input],
      staticSummary: span,
      // A child that is being cancelled gets the time to end properly, also where its parent has ended.
      parentClosePolicy: 'REQUEST_CANCEL',
      ...(taskQueue === undefined ? {} : { taskQueue }),
      ...(timeout === undefined ? {} : { workflowExecutionTimeout: timeout }),
      ...(priority === undefined ? {} : { priority }),
    }),
  );
}

/** An agent's placement as a part of a run's input: absent where nothing is said of it. */
export function placed(placement: AgentPlacement): { placement?: AgentPlacement } {
  return Object.keys(placement).length === 0 ? {} : { placement };
}
