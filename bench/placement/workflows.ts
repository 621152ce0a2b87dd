import { proxyAgents } from 'batonjs/workflow';
import type { Job } from '../turns/job.js';
import type * as agents from './agents.js';
import { task } from './floor.js';

export { floor, floorLocal } from './floor.js';

const { pageReader, localPageReader } = proxyAgents<typeof agents>();
const { localPageReader: localReader } = proxyAgents<typeof agents>({ placement: 'local' });

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
