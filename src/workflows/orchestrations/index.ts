import { agent } from './agent.js';
import { runBatch } from './batch.js';
import { runBestOf } from './best-of.js';
import { runDebate } from './debate.js';
import { emitEvent } from './emit.js';
import { runPlan } from './plan.js';
import { runSession } from './session.js';

/** Orchestrations that every worker has, by the name that runs are started with. Names of internal ones begin with `baton_`. */
export const orchestrations: Readonly<Record<string, (input: never) => Promise<unknown>>> = {
  agent,
  bestOf: runBestOf,
  debate: runDebate,
  plan: runPlan,
  session: runSession,
  baton_batch: runBatch,
  baton_emit: emitEvent,
};
