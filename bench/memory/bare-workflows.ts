import { condition, proxyActivities } from '@temporalio/workflow';
import { task } from '../placement/floor.js';
import type * as bare from '../turns/bare-activities.js';
import type { ChatMessage, Job } from '../turns/job.js';
import type { Arrivals } from '../worker-main.js';

const { callModel, barePage, arrived } = proxyActivities<typeof bare & Arrivals>({
  startToCloseTimeout: '10 minutes',
});

export interface HeldJob extends Job {
  /** Whether the run stays open at its end. */
  hold: boolean;
}

/** A loop by hand that keeps its conversation, as an agent must; the model activity's input is constant. */
export async function kept(job: HeldJob): Promise<number> {
  const messages: ChatMessage[] = [{ role: 'user', content: task(job, 'page') }];
  await walk(job, (message) => messages.push(message));
  await hold(job);
  return messages.length;
}

/** The same that forgets what was said. */
export async function forgotten(job: HeldJob): Promise<number> {
  await walk(job, () => undefined);
  await hold(job);
  return job.turns;
}

/** Says that the run has come to its end, and waits there where it is to. */
export async function hold(job: HeldJob): Promise<void> {
  if (!job.hold) return;
  await arrived();
  await condition(() => false);
}

/** Collects the garbage of the workflow thread that it comes to. */
export async function collect(): Promise<void> {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) throw new Error('the workflow thread has no gc');
  gc();
  gc();
}

async function walk(job: Job, said: (message: ChatMessage) => unknown): Promise<void> {
  for (let turn = 0; turn < job.turns; turn++) {
    const { text, calls } = await callModel({ job: task(job, 'page'), turn });
    said({ role: 'assistant', content: text });
    for (const _ of calls) said({ role: 'tool', content: await barePage({ turn, bytes: job.resultBytes }) });
  }
  const { text } = await callModel({ job: task(job, 'page'), turn: job.turns });
  said({ role: 'assistant', content: text });
}
