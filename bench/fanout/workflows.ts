import { executeChild, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { asChild, mapAll, proxyAgents } from 'batonjs/workflow';
import type * as agents from '../turns/agents.js';
import type * as bare from '../turns/bare-activities.js';

const { reader } = proxyAgents<typeof agents>();
const { callModel, barePage } = proxyActivities<typeof bare>({ startToCloseTimeout: '1 minute' });

export interface FanOut {
  items: number;
  /** Turns of each agent with a tool call; a final one follows. */
  turns: number;
  /** Bytes of a tool's result. */
  resultBytes: number;
  concurrency: number;
}

function tasks({ items, turns, resultBytes }: FanOut): string[] {
  return Array.from({ length: items }, (_, i) => `agent ${i}: turns=${turns} bytes=${resultBytes}`);
}

/** Every item by an agent, from one `mapAll`. */
export async function baton(job: FanOut): Promise<number> {
  const results = await mapAll(tasks(job), reader, { concurrency: job.concurrency });
  return results.filter((result) => result !== '').length;
}

/** The same with a child workflow for each agent. */
export async function batonChildren(job: FanOut): Promise<number> {
  const { concurrency } = job;
  const results = await mapAll(tasks(job), asChild(reader), { concurrency, inline: job.items });
  return results.filter((result) => result !== '').length;
}

/** What one writes by hand: a child workflow for each item, so many at once. */
export async function byHand(job: FanOut): Promise<number> {
  const list = tasks(job);
  let next = 0;
  let done = 0;
  const lane = async () => {
    while (next < list.length) {
      const i = next++;
      const answer = await executeChild(bareAgent, {
        workflowId: `${workflowInfo().workflowId}/${i}`,
        args: [{ job: list[i] ?? '', turns: job.turns, resultBytes: job.resultBytes }],
      });
      if (answer !== '') done++;
    }
  };
  await Promise.all(Array.from({ length: Math.min(job.concurrency, list.length) }, lane));
  return done;
}

export async function bareAgent(task: { job: string; turns: number; resultBytes: number }): Promise<string> {
  for (let turn = 0; turn < task.turns; turn++) {
    const { calls } = await callModel({ job: task.job, turn });
    for (const _ of calls) await barePage({ turn, bytes: task.resultBytes });
  }
  const { text } = await callModel({ job: task.job, turn: task.turns });
  return text;
}
