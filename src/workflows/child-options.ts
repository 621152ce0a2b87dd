import type { Duration, Priority } from '@temporalio/common';
import type { Budget } from '../agents/usage.js';

export interface ChildOptions {
  /** Workflow id. Default: the parent's, then the child's name and number. */
  id?: string;
  taskQueue?: string;
  /** What the child may spend, out of the parent's budget. Default: all that is left of it. */
  budget?: Budget;
  /** How long the child may run in all, also where it is continued as new. */
  timeout?: Duration;
  priority?: Priority;
}
