import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { parallel, proxyAgents } from 'batonjs/workflow';
import type * as agents from './agents.js';
import type * as bare from './bare-activities.js';
import type { ChatMessage, Job } from './job.js';

const { reader } = proxyAgents<typeof agents>();
const { callModel, barePage } = proxyActivities<typeof bare>({ startToCloseTimeout: '1 minute' });

const task = ({ turns, resultBytes }: Job, agent: number) =>
  `agent ${agent}: turns=${turns} bytes=${resultBytes}`;

function each(job: Job, work: (agent: number) => Promise<unknown>): Promise<unknown> {
  return Promise.all(Array.from({ length: job.agents }, (_, agent) => work(agent)));
}

export async function baton(job: Job): Promise<number> {
  await parallel(Array.from({ length: job.agents }, (_, agent) => () => reader(task(job, agent))));
  return job.turns;
}

/** The least that a loop of two activities a turn can cost: its inputs are constant. */
export async function floor(job: Job): Promise<number> {
  await each(job, async (agent) => {
    for (let turn = 0; turn < job.turns; turn++) {
      const { calls } = await callModel({ job: task(job, agent), turn });
      for (const _ of calls) await barePage({ turn, bytes: job.resultBytes });
    }
    await callModel({ job: task(job, agent), turn: job.turns });
  });
  return job.turns;
}

/** The same for one agent, continued as new when Temporal suggests it. */
export async function floorInRuns(job: Job, begin = 0): Promise<number> {
  for (let turn = begin; turn < job.turns; turn++) {
    if (workflowInfo().continueAsNewSuggested) return continueAsNew<typeof floorInRuns>(job, turn);
    const { calls } = await callModel({ job: task(job, 0), turn });
    for (const _ of calls) await barePage({ turn, bytes: job.resultBytes });
  }
  await callModel({ job: task(job, 0), turn: job.turns });
  return job.turns;
}

/** The same, whose activity makes up a request as long as the conversation would be: what is left is the dispatch. */
export async function floorSameRequest(job: Job): Promise<number> {
  await each(job, async (agent) => {
    const { resultBytes } = job;
    for (let turn = 0; turn < job.turns; turn++) {
      const { calls } = await callModel({ job: task(job, agent), turn, resultBytes });
      for (const _ of calls) await barePage({ turn, bytes: resultBytes });
    }
    await callModel({ job: task(job, agent), turn: job.turns, resultBytes });
  });
  return job.turns;
}

/** The loop that one writes by hand: the whole conversation is the model activity's input. */
export async function full(job: Job): Promise<number> {
  await each(job, async (agent) => {
    const messages: ChatMessage[] = [{ role: 'user', content: task(job, agent) }];
    for (let turn = 0; turn < job.turns; turn++) {
      const { text, calls } = await callModel({ job: task(job, agent), turn, messages });
      messages.push({ role: 'assistant', content: text });
      for (const _ of calls)
        messages.push({ role: 'tool', content: await barePage({ turn, bytes: job.resultBytes }) });
    }
    await callModel({ job: task(job, agent), turn: job.turns, messages });
  });
  return job.turns;
}
