import type { Duration } from '@temporalio/common';
import type { Json } from '../../agents/json.js';
import { planLimits, type PlanLimits } from '../../agents/plan-limits.js';
import type { Plan, PlanRequest, Review, ReviewRequest, SynthesisRequest } from '../../agents/plan.js';
import { contain } from '../contain.js';
import { failure, type FailureInfo } from '../fail.js';
import type { Missing } from '../gather.js';
import { builtIn } from '../proxy-agents.js';
import { inSpan } from '../span.js';
import { Board, type BoardTask } from './plan/board.js';
import { draft, whyOf } from './plan/draft.js';
import type { PlanApproval, PlanRun } from './plan/plan-run.js';
import { reviewAll } from './plan/review.js';
import { gatherTeam, type Workers } from './plan/team.js';
import { work } from './plan/work.js';

export interface PlanOptions<Output = string> {
  /**
   * Who does the tasks, by the names that the planner uses: agents, orchestrations or agents by `asChild`, functions. Agents and
   * orchestrations run as child workflows. What is no agent needs a description: `{ run: asChild(writeReport), description: '...' }`.
   */
  workers: Workers;
  /** What is there already, by names that tasks may need: for a plan that is itself a task of another one, its `needs`. */
  given?: Readonly<Record<string, Json>>;
  /** Makes the tasks. Default: an agent of Baton's. */
  planner?: (request: PlanRequest) => Promise<Plan>;
  /** Judges outputs. Default: an agent of Baton's. */
  reviewer?: (request: ReviewRequest) => Promise<Review>;
  /** Makes the output out of what the tasks gave. Default: an agent of Baton's, which writes text. */
  synthesiser?: (request: SynthesisRequest) => Promise<Output>;
  /**
   * What is reviewed. `end`, the default: all outputs together, when all are there, which costs one call, holds nothing up, and
   * sees what does not fit together. `each`: every output before anything is built on it, a call for each. `false`: nothing.
   */
  review?: 'each' | 'end' | false;
  /** People who must agree to the plan before it is carried out, and to every new plan and addition; they may edit it. */
  approve?: PlanApproval;
  /** How long one run of a worker may take. Default: as long as its own limits allow. */
  timeout?: Duration;
  limits?: Partial<PlanLimits>;
}

/** A task of a plan, as it ended. */
export interface TaskReport {
  id: string;
  worker: string;
  task: string;
  needs: string[];
  /** `blocked`: it was never run, as what it needs was not done. */
  status: 'done' | 'failed' | 'blocked';
  output?: Json;
  failure?: FailureInfo;
  /** How often its worker was run. */
  runs: number;
}

export interface PlanResult<Output = string> {
  output: Output;
  /** Of the last plan, with those of earlier ones that are done, in the order in which they were planned. */
  tasks: TaskReport[];
  /** Tasks that are not done, and why. */
  missing: Missing[];
  /** Tasks of earlier plans that were not done and that a new plan replaced. */
  replaced: TaskReport[];
  /** What went otherwise than it should and yet stopped nothing, such as a review that failed. */
  notes: string[];
  /** How many plans were made. */
  plans: number;
}

/**
 * Has a planner divide a goal into tasks for workers, and carries them out: each starts the moment that what it needs is there. What
 * fails, or is judged not good enough, is done again or planned anew, all of it bounded by `limits`; at the end the output is made
 * of what is there, and `missing` says what is not.
 * @throws PlanFailed where there is no valid plan, or nothing at all came of it; PlanRejected where people did not agree to the first
 * plan; the failure of the planner, of the first plan, or of the synthesiser; ConfigInvalid, AgentUnknown
 */
export async function plan<Output = string>(
  goal: string,
  options: PlanOptions<Output>,
): Promise<PlanResult<Output>> {
  return inSpan('plan', async () => {
    const run = await open(goal, options);
    const { board, limits } = run;
    const replaced: BoardTask[] = [];
    board.add(await draft(run));
    let plans = 1;
    for (let reviews = 0; ;) {
      await work(run);
      if (board.isStalled) {
        if (plans === limits.plans || !board.mayRun) break;
        plans++;
        if (!(await planAnew(run, replaced))) break;
      } else {
        if (run.review !== 'end' || reviews === limits.reviews) break;
        reviews++;
        if (!(await reviewAll(run))) break;
      }
    }
    const output = await synthesise(run, options.synthesiser ?? defaultSynthesiser<Output>());
    return {
      output,
      tasks: board.all.map(reportOf),
      missing: board.all.flatMap((task) => missingOf(task) ?? []),
      replaced: replaced.map(reportOf),
      notes: board.notes,
      plans,
    };
  });
}

async function open(goal: string, options: Omit<PlanOptions, 'synthesiser'>): Promise<PlanRun> {
  const limits = planLimits({ ...options.limits });
  if (typeof limits === 'string') throw failure('ConfigInvalid', `plan: ${limits}`);
  const { workers, given = {}, planner, reviewer, review = 'end', approve, timeout } = options;
  return {
    goal,
    team: await gatherTeam(workers),
    board: new Board(limits, new Map(Object.entries(given))),
    limits,
    timeout,
    planner: planner ?? ((request) => builtIn<Json, Plan>('planner')(request as Json)),
    reviewer: reviewer ?? ((request) => builtIn<Json, Review>('reviewer')(request as Json)),
    review,
    approve,
  };
}

/**
 * Puts a new plan in place of what is not done.
 * @returns false where there is none: then what is there must do
 */
async function planAnew(run: PlanRun, replaced: BoardTask[]): Promise<boolean> {
  const { board } = run;
  const before = board.all;
  const undone = board.drop();
  const drafted = await contain(() => draft(run, undone));
  if (!drafted.ok) board.notes.push(`no new plan: ${drafted.failure.code}: ${drafted.failure.message}`);
  if (drafted.ok && drafted.value.length > 0) {
    replaced.push(...undone);
    board.add(drafted.value);
    return true;
  }
  board.restore(before);
  return false;
}

async function synthesise<Output>(
  { goal, board }: PlanRun,
  synthesiser: (request: SynthesisRequest) => Promise<Output>,
): Promise<Output> {
  const missing = board.all.flatMap((task) => missingOf(task) ?? []);
  if (board.done.length === 0) {
    const why = [...missing.map(({ name, code, message }) => `${name}: ${code}: ${message}`), ...board.notes];
    throw failure('PlanFailed', `no task gave a result: ${why.join('; ')}`, { missing, notes: board.notes });
  }
  const { outputs } = board;
  return synthesiser({
    goal,
    results: board.done.map(({ id, spec }) => ({ id, task: spec.task, output: outputs.get(id) ?? null })),
    missing: board.all.flatMap((task) =>
      task.version > 0 ? [] : [{ id: task.id, task: task.spec.task, why: whyOf(task.failure) }],
    ),
  });
}

/** Its output is text, as `Output` is unless the caller gives a synthesiser of another. */
function defaultSynthesiser<Output>(): (request: SynthesisRequest) => Promise<Output> {
  return (request) => builtIn<Json>('synthesiser')(request as Json) as Promise<Output>;
}

function reportOf({ id, spec, version, output, failure, runs }: BoardTask): TaskReport {
  const { worker, task, needs } = spec;
  const base = { id, worker, task, needs, runs };
  if (version > 0) return { ...base, status: 'done', output };
  return failure ? { ...base, status: 'failed', failure } : { ...base, status: 'blocked' };
}

function missingOf({ id, version, failure }: BoardTask): Missing | undefined {
  if (version > 0) return undefined;
  const why = failure ?? { code: 'Blocked', message: whyOf(undefined), details: undefined };
  return { name: id, ...why };
}
