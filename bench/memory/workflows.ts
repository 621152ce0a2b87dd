import { proxyAgents } from 'batonjs/workflow';
import type * as agents from '../placement/agents.js';
import { task } from '../placement/floor.js';
import { hold, type HeldJob } from './bare-workflows.js';

export { collect } from './bare-workflows.js';

const { pageReader } = proxyAgents<typeof agents>();

export async function agent(job: HeldJob): Promise<number> {
  const { transcript } = await pageReader.run(task(job, 'page'));
  await hold(job);
  return transcript.length;
}
