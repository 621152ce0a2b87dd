import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { OpenCircuit, TrialRequest, Tried } from '../../agents/circuit.js';
import { CIRCUIT_MEMO, TRIAL_UPDATE, TRIED_SIGNAL } from '../../agents/names.js';
import { Circuit } from '../circuit.js';
import { followCurrent } from '../deployment-version.js';

/** How long nobody may ask for a trial until the circuit is forgotten: the model is not in use any more. */
const FORGET_MS = 60 * 60 * 1000;

/** The record of an outage. */
export interface CircuitEnd {
  /** The model answered, or nobody has asked for it for an hour. */
  ended: 'closed' | 'forgotten';
  provider: string;
  model: string;
  /** The last failure. */
  why: string;
  trials: number;
}

/**
 * A circuit that is open, for the whole fleet. What holds now is in the memo, where workers read it without asking anybody. The trial
 * itself is made by a worker that asks for it.
 */
export async function runCircuit(opened: OpenCircuit): Promise<CircuitEnd> {
  followCurrent();
  const circuit = new Circuit(opened);
  setHandler(
    defineUpdate<void, [TrialRequest]>(TRIAL_UPDATE),
    (request) => circuit.grant(Date.now(), request),
    // Who is refused leaves nothing in the history, however many there are.
    {
      validator: (request) => circuit.check(Date.now(), request),
      description: 'Asks for the trial: { "turn": "...", "lease": milliseconds that it may take }',
    },
  );
  setHandler(defineSignal<[Tried]>(TRIED_SIGNAL), (tried) => circuit.tried(tried, Date.now()), {
    description: 'Tells how a call of the model went: { "kind": "answered" } closes the circuit',
  });
  const isContinued = workflowInfo().continuedFromExecutionRunId !== undefined;
  let shown = isContinued ? undefined : opened;
  const isNews = () => circuit.closed || circuit.now !== shown;
  for (;;) {
    const { until } = circuit.now;
    const isUsed = await condition(isNews, Math.max(until - Date.now(), 0) + FORGET_MS);
    followCurrent();
    const { provider, model, why, trials } = circuit.now;
    if (circuit.closed || !isUsed) {
      await condition(allHandlersFinished);
      return { ended: circuit.closed ? 'closed' : 'forgotten', provider, model, why, trials };
    }
    shown = circuit.now;
    upsertMemo({ [CIRCUIT_MEMO]: shown });
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof runCircuit>(circuit.now);
    }
  }
}
