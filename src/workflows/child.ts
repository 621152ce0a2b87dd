import type { Duration, Priority } from '@temporalio/common';
import { AsyncLocalStorage, executeChild, workflowInfo } from '@temporalio/workflow';
import type { Jsonify } from '../agents/json.js';
import type { Amount } from '../agents/usage.js';
import { openSpan } from './span.js';

export interface ChildOptions {
  /** Workflow id. Default: the parent's, then the child's name and number. */
  id?: string;
  taskQueue?: string;
  /** What the child may spend, out of the parent's budget. Default: all that is left of it. */
  budget?: Amount;
  /** How long the child may run in all. */
  timeout?: Duration;
  priority?: Priority;
}

/** What `child` tells the interceptor that starts the child. */
export const childSettings = new AsyncLocalStorage<{ span: string; budget: Amount | undefined }>();

/**
 * Runs another orchestration as a child workflow, with a history of its own, and gives its result. It is cancelled with
 * its parent.
 * @throws ChildWorkflowFailure; `failureOf` tells what it means
 */
export function child<Input, Output>(
  orchestration: (input: Input) => Promise<Output>,
  input: Input,
  { id, budget, taskQueue, timeout, priority }: ChildOptions = {},
): Promise<Jsonify<Output>> {
  const span = openSpan(orchestration.name);
  return childSettings.run({ span, budget }, () =>
    executeChild(orchestration.name, {
      workflowId: id ?? `${workflowInfo().workflowId}/${span}`,
      args: [input],
      staticSummary: span,
      ...(taskQueue === undefined ? {} : { taskQueue }),
      ...(timeout === undefined ? {} : { workflowRunTimeout: timeout }),
      ...(priority === undefined ? {} : { priority }),
    }),
  );
}
