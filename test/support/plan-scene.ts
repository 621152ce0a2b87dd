import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedTask } from '../../src/agents/plan.js';
import type { Run } from '../../src/client/run.js';
import type { RunOf, StartOptions } from '../../src/client.js';
import type { Arrival, ChatRequest, Reply } from '../../src/testing/index.js';
import * as agents from '../workflow/fixtures/plan-agents.js';
import type * as workflows from '../workflow/fixtures/plan-workflows.js';
import type { Planned } from '../workflow/fixtures/plan-workflows.js';
import { openStage, outcomeOf, type Outcome, type Stage } from './stage.js';

/** How the instructions of Baton's own agents begin. */
export const PLANNER = 'You are given a goal, and the workers';
export const REVIEWER = 'You are given a goal, the tasks of a plan';
export const SYNTHESISER = 'You are given a goal and the results';
/** How those of the workers begin. */
export const WORKER = 'You are the ';

export const DOWN: Reply = { status: 401 };
export const HANG: Reply = { hang: true };

export function openPlanStage(): Promise<Stage> {
  return openStage(
    agents,
    (model) => model.models('small'),
    new URL('../workflow/fixtures/plan-workflows.ts', import.meta.url),
  );
}

/** A case of its own: all its requests hold its name. */
export class PlanScene {
  readonly goal: string;

  constructor(
    private readonly stage: Promise<Stage>,
    readonly name: string,
  ) {
    this.goal = `case ${name}; reach it`;
  }

  task(
    id: string,
    needs: string[] = [],
    worker = 'researcher',
    more: Partial<PlannedTask> = {},
  ): PlannedTask {
    return { id, worker, task: this.textOf(id), needs, ...more };
  }

  /** Plans that the planner makes, in order. */
  plans(...plans: PlannedTask[][]): Promise<this> {
    return this.script(
      PLANNER,
      this.goal,
      plans.map((tasks) => ({ json: { tasks } })),
    );
  }

  /** What the worker of a task answers, in order. */
  works(id: string, ...replies: Reply[]): Promise<this> {
    return this.script(WORKER, this.textOf(id), replies);
  }

  reviews(...reviews: unknown[]): Promise<this> {
    return this.script(
      REVIEWER,
      this.goal,
      reviews.map((json) => ({ json })),
    );
  }

  ends(text: Reply = 'the end', goal = this.goal): Promise<this> {
    return this.script(SYNTHESISER, goal, [text]);
  }

  async script(role: string, text: string, replies: Reply[]): Promise<this> {
    const { model } = await this.stage;
    const when = (request: ChatRequest) => isOf(request, role, text);
    model.script(...replies.map((reply) => ({ when, reply })));
    return this;
  }

  async start(
    workers: string[],
    options: Planned['options'] = {},
    more: StartOptions = {},
  ): Promise<RunOf<typeof workflows.planned>> {
    const { baton } = await this.stage;
    return baton.start<typeof workflows.planned>('planned', { goal: this.goal, workers, options }, more);
  }

  /** Runs a plan over the researcher and the writer. */
  async run(options: Planned['options'] = {}, more: StartOptions = {}) {
    return (await this.start(['researcher', 'writer'], options, more)).result();
  }

  async failure(options: Planned['options'] = {}, more: StartOptions = {}) {
    return this.outcome(await this.start(['researcher', 'writer'], options, more));
  }

  /** What a run failed with. */
  outcome(run: Run<unknown>): Promise<Outcome> {
    return outcomeOf(run as Run<never>);
  }

  /** Requests to a role so far, of a task where that is given. */
  async asked(role: string, text = this.goal): Promise<Arrival[]> {
    const { model } = await this.stage;
    return model.arrivals.filter(({ request }) => isOf(request, role, text));
  }

  /** Requests to the worker of a task so far. */
  worked(id: string): Promise<Arrival[]> {
    return this.asked(WORKER, this.textOf(id));
  }

  async until(condition: () => Promise<boolean>): Promise<void> {
    while (!(await condition())) await delay(50);
  }

  textOf(id: string): string {
    return `case ${this.name}; do ${id}.`;
  }
}

/** Whether a request is to an agent with such instructions, and holds the text as its own input, not within another one. */
export function isOf({ messages }: ChatRequest, role: string, text: string): boolean {
  const inputs = messages.flatMap(({ role, content }) => (role === 'user' ? [String(content)] : []));
  const isInput = inputs.some(
    (input) =>
      input === text ||
      input.startsWith(`{"goal":${JSON.stringify(text)}`) ||
      (input.startsWith('{"task":') && input.includes(text)),
  );
  return String(messages[0]?.content).startsWith(role) && isInput;
}

/** What a request says, as text. */
export function said({ request }: Arrival): string {
  return request.messages.map(({ content }) => String(content)).join('\n');
}

/** How tasks ended, in one line. */
export function statuses(tasks: readonly { id: string; status: string }[]): string {
  return tasks.map(({ id, status }) => `${id} ${status}`).join(', ');
}
