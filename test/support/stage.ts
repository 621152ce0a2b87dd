import { fileURLToPath } from 'node:url';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Baton, StartOptions } from '../../src/client.js';
import type { Run } from '../../src/client/run.js';
import type { Json } from '../../src/agents/json.js';
import type { Models } from '../../src/agents/models.js';
import { startScriptedModel, type Arrival, type Reply, type ScriptedModel } from '../../src/testing/index.js';
import { bundleWorkflows } from '../../src/worker.js';
import type { AgentResult } from '../../src/workflows/run-agent.js';
import type { Ask } from '../workflow/fixtures/ask.js';
import { testServer } from './server.js';

/** What became of a run: of an agent call where nothing else is said. */
export interface Outcome<Result = AgentResult<Json>> {
  result?: Result;
  /** Code and message of its failure, and what the worker said of it. */
  code?: string;
  message?: string;
  details?: unknown;
}

/** One worker with agents and a scripted model, for many cases at once. */
export class Stage {
  constructor(
    readonly model: ScriptedModel,
    readonly baton: Baton,
    readonly close: () => Promise<void>,
  ) {}

  /** A case of its own: its requests are those whose messages hold its name. */
  case(name: string): Case {
    return new Case(this, name);
  }
}

export class Case {
  constructor(
    private readonly stage: Stage,
    private readonly name: string,
  ) {}

  /** What the model answers to the case's requests, in order. */
  replies(...replies: (Reply | ((delay: Arrival[]) => Reply))[]): this {
    const script = replies.map((reply) => ({
      when: this.name,
      reply: typeof reply === 'function' ? () => reply(this.arrivals) : reply,
    }));
    this.stage.model.script(...script);
    return this;
  }

  /** The case's requests so far. */
  get arrivals(): Arrival[] {
    return this.stage.model.arrivals.filter(({ request }) =>
      JSON.stringify(request.messages).includes(this.name),
    );
  }

  /** Aliases of the models that were asked, in order. */
  get asked(): string[] {
    return this.arrivals.map(({ request }) => request.model);
  }

  /** Milliseconds between one request and the next. */
  get gaps(): number[] {
    return this.arrivals.slice(1).map(({ at }, i) => at - (this.arrivals[i]?.at ?? 0));
  }

  /** Content of the last message of a request. */
  lastOf(request: number): unknown {
    return this.arrivals[request]?.request.messages.at(-1)?.content;
  }

  start(agent: string, call: Partial<Ask> = {}, options: StartOptions = {}): Promise<Run<AgentResult<Json>>> {
    return this.stage.baton.start<(ask: Ask) => Promise<AgentResult<Json>>>(
      'ask',
      { agent, input: this.name, ...call },
      options,
    );
  }

  async ask(agent: string, call: Partial<Ask> = {}, options: StartOptions = {}): Promise<Outcome> {
    return outcomeOf(await this.start(agent, call, options));
  }
}

export async function outcomeOf<Result>(run: Run<Result>): Promise<Outcome<Result>> {
  try {
    return { result: await run.result() };
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
    if (!(cause instanceof ApplicationFailure)) throw error;
    return { code: cause.type ?? '', message: cause.message, details: cause.details?.[0] };
  }
}

const ASK = new URL('../workflow/fixtures/ask.ts', import.meta.url);

/**
 * Opens a stage. To be closed in an `afterAll` of a `describe`, before the connection to the server is.
 * @param workflows the module with its orchestrations; default `ask`
 * @param activities of the orchestrations' own
 */
export async function openStage(
  agents: Readonly<Record<string, unknown>>,
  models: (model: ScriptedModel) => Models,
  workflows = ASK,
  activities: object = {},
): Promise<Stage> {
  const model = await startScriptedModel();
  const server = await testServer();
  const workflowBundle = await bundleWorkflows(fileURLToPath(workflows));
  return new Promise((resolve, reject) => {
    let end: () => void;
    const ended = new Promise<void>((done) => (end = done));
    const worker = server.withWorker(
      {
        agents,
        models: models(model),
        // Cases fail at the same model on purpose.
        circuits: false,
        workflowBundle,
        worker: { maxConcurrentActivityTaskExecutions: 200, activities },
      },
      async (baton) => {
        const close = async () => {
          end();
          await worker;
          await model.stop();
        };
        resolve(new Stage(model, baton, close));
        await ended;
      },
    );
    worker.catch(reject);
  });
}
