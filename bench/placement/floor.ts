import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type * as bare from '../turns/bare-activities.js';
import type { Job } from '../turns/job.js';

const { callModel, barePage } = proxyActivities<typeof bare>({ startToCloseTimeout: '1 minute' });

const local = proxyLocalActivities<typeof bare>({ startToCloseTimeout: '1 minute' });

/** What the model server is told: how long the job is, and which tool to call. */
export function task({ turns, resultBytes, modelMs }: Job, tool: string): string {
  return `turns=${turns} bytes=${resultBytes} tool=${tool}${modelMs ? ` ms=${modelMs}` : ''}`;
}

/** The least that a loop of two activities a turn can cost: its inputs are constant. */
export function floor(job: Job): Promise<number> {
  return walk(job, { callModel, barePage });
}

/** The same with local activities, without a bound. */
export function floorLocal(job: Job): Promise<number> {
  return walk(job, local);
}

async function walk(job: Job, activities: Pick<typeof local, 'callModel' | 'barePage'>): Promise<number> {
  for (let turn = 0; turn < job.turns; turn++) {
    const { calls } = await activities.callModel({ job: task(job, 'page'), turn });
    for (const _ of calls) await activities.barePage({ turn, bytes: job.resultBytes });
  }
  await activities.callModel({ job: task(job, 'page'), turn: job.turns });
  return job.turns;
}
