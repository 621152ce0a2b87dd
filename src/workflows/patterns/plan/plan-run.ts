import type { Duration } from '@temporalio/common';
import type { PlanLimits } from '../../../agents/plan-limits.js';
import type { Plan, PlannedTask, PlanRequest, Review, ReviewRequest } from '../../../agents/plan.js';
import type { ApprovalQuestion } from '../../approval.js';
import type { Board } from './board.js';
import { problemsOf } from './dag.js';
import { workerRules, type TeamMember } from './team.js';

/** What the parts of one plan share. */
export interface PlanRun {
  readonly goal: string;
  readonly team: ReadonlyMap<string, TeamMember>;
  readonly board: Board;
  readonly limits: PlanLimits;
  /** How long one run of a worker may take. */
  readonly timeout: Duration | undefined;
  readonly planner: (request: PlanRequest) => Promise<Plan>;
  readonly reviewer: (request: ReviewRequest) => Promise<Review>;
  readonly review: 'each' | 'end' | false;
  readonly approve: PlanApproval | undefined;
}

/** Who must agree to a plan, and by when. */
export type PlanApproval = Omit<ApprovalQuestion, 'title' | 'details' | 'options'>;

/** What is wrong with new tasks, as things stand. */
export function problemsNow({ team, board }: PlanRun, tasks: readonly PlannedTask[]): string[] {
  return problemsOf(tasks, { workers: workerRules(team), known: board.known, room: board.room });
}
