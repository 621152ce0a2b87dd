import { proxyActivities } from '@temporalio/workflow';
import { proxyAgents } from 'batonjs/workflow';
import type * as bare from '../turns/bare-activities.js';
import type { Job } from '../turns/job.js';
import type * as agents from './agents.js';

const { pageReader, localPageReader } = proxyAgents<typeof agents>();
const { localPageReader: localReader } = proxyAgents<typeof agents>({ placement: 'local' });
const { callModel, barePage } = proxyActivities<typeof bare>({ startToCloseTimeout: '1 minute' });

const task = ({ turns, resultBytes }: Job, tool: string) =>
  `turns=${turns} bytes=${resultBytes} tool=${tool}`;

/** The least that a loop of two activities a turn can cost: its inputs are constant. */
export async function floor(job: Job): Promise<number> {
  for (let turn = 0; turn < job.turns; turn++) {
    const { calls } = await callModel({ job: task(job, 'page'), turn });
    for (const _ of calls) await barePage({ turn, bytes: job.resultBytes });
  }
  await callModel({ job: task(job, 'page'), turn: job.turns });
  return job.turns;
}

export async function activities(job: Job): Promise<number> {
  await pageReader(task(job, 'page'));
  return job.turns;
}

export async function localTools(job: Job): Promise<number> {
  await localPageReader(task(job, 'localPage'));
  return job.turns;
}

export async function localAll(job: Job): Promise<number> {
  await localReader(task(job, 'localPage'));
  return job.turns;
}
