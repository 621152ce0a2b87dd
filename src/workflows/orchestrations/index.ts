import { AGENT_ORCHESTRATION, CIRCUIT_ORCHESTRATION, SESSION_ORCHESTRATION } from '../../agents/names.js';
import { agent, runAgentAlone } from './agent.js';
import { runBatch } from './batch.js';
import { runBestOf } from './best-of.js';
import { runCircuit } from './circuit.js';
import { runDebate } from './debate.js';
import { emitEvent } from './emit.js';
import { runPlan } from './plan.js';
import { runSession } from './session.js';

/**
 * Orchestrations that every worker has, by the name that runs are started with. A user's orchestration of the same name comes first;
 * so Baton itself starts only those whose names begin with `baton_`.
 */
export const orchestrations: Readonly<Record<string, (input: never) => Promise<unknown>>> = {
  agent,
  bestOf: runBestOf,
  debate: runDebate,
  plan: runPlan,
  session: runSession,
  [AGENT_ORCHESTRATION]: runAgentAlone,
  [SESSION_ORCHESTRATION]: runSession,
  [CIRCUIT_ORCHESTRATION]: runCircuit,
  baton_batch: runBatch,
  baton_emit: emitEvent,
};
