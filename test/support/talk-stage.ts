import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Run } from '../../src/client/run.js';
import type { Arrival, ChatRequest, Reply } from '../../src/testing/index.js';
import * as agents from '../workflow/fixtures/talk-agents.js';
import { openStage, type Stage } from './stage.js';

const WORKFLOWS = new URL('../workflow/fixtures/talk-workflows.ts', import.meta.url);

/** By what requests of agents are known: words of their instructions. */
const INSTRUCTIONS = {
  comparer: 'Compare what they claim.',
  arbiter: 'Decide each conflict',
  moderator: 'You lead a conversation.',
  debater: 'You take part in a debate.',
  judge: 'You are the judge.',
};

export const openTalkStage = () => openStage(agents, (model) => model.models('small'), WORKFLOWS);

/** One run on the stage: its requests are those that hold its name, apart by agent. */
export class Talking {
  readonly task: string;

  constructor(
    private readonly stage: Stage,
    name: string,
  ) {
    this.task = `case ${name};`;
  }

  /** What an agent answers in this run, in order. */
  answers(agent: string, ...replies: (Reply | ((request: ChatRequest) => Reply))[]): this {
    const when = (request: ChatRequest) => this.isOf(agent, request);
    this.stage.model.script(...replies.map((reply) => ({ when, reply })));
    return this;
  }

  arrivals(agent?: string): Arrival[] {
    return this.stage.model.arrivals.filter(({ request }) => this.isOf(agent, request));
  }

  /** What an agent was sent, request by request, without its instructions. */
  sent(agent: string): unknown[][] {
    return this.arrivals(agent).map(({ request }) => request.messages.slice(1).map(({ content }) => content));
  }

  start(orchestration: string, input: object = {}): Promise<Run> {
    return this.stage.baton.start(orchestration, { task: this.task, ...input });
  }

  async result<T>(orchestration: string, input: object = {}): Promise<T> {
    return (await (await this.start(orchestration, input)).result()) as T;
  }

  private isOf(agent: string | undefined, { messages }: ChatRequest): boolean {
    const text = JSON.stringify(messages);
    const known: Record<string, string> = INSTRUCTIONS;
    const words = agent === undefined ? '' : (known[agent] ?? `You are the agent ${agent}.`);
    return text.includes(this.task) && text.includes(words);
  }
}

/** Code and message of the failure that a run ends with. */
export async function failureOfRun(run: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
  if (cause instanceof ApplicationFailure) return { code: cause.type ?? '', message: cause.message };
  return { code: cause?.name ?? 'none', message: cause?.message ?? '' };
}

export async function eventually(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const until = Date.now() + 30_000; !(await condition()); await delay(50)) {
    if (Date.now() > until) throw new Error(`never came: ${what}`);
  }
}
