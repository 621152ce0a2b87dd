import type { LocalAnswer, LocalDeclined, LocalOutcome } from '../agents/local-call.js';
import type { TurnInput, TurnResult } from '../agents/turn.js';
import { TURN_ACTIVITY } from '../agents/names.js';
import type { AgentCall } from './agent-call.js';
import { byteLength } from './byte-length.js';
import { failure } from './fail.js';
import { handOver } from './hand-over.js';
import { callLocally, waitAsAsked } from './local-call.js';
import { runState } from './run-state.js';
import type { AgentPlacement } from './take-turn.js';

/** Of one local attempt, where nothing else is said: an ordinary one follows. */
const TIMEOUT = '30 seconds';
/** A turn that takes longer gains nothing by being local. */
const SLOW_MS = 2_000;
/** What workflow code says stands in the result of a local turn, beside the answer. */
const MAX_SAID_BYTES = 64_000;

/** @throws ConfigInvalid where a local agent is asked for what only ordinary activities have */
export function checkPlacement(agent: string, { placement, taskQueue }: AgentPlacement): void {
  if (placement === undefined || taskQueue === undefined) return;
  throw failure(
    'ConfigInvalid',
    `agent "${agent}" is placed local and on the task queue "${taskQueue}": local turns run in the worker that runs the workflow; leave out placement or taskQueue`,
  );
}

/**
 * Whether a turn is to be tried as a local activity: where the agent is placed local, and not much local work is unrecorded. Not
 * under a budget, as a local turn that is lost with its worker leaves no trace of what it cost.
 */
export function isLocalTurn({ placement, local }: AgentCall, input: TurnInput): boolean {
  if (placement.placement === undefined || !local || input.grant !== undefined) return false;
  return saidBytes(input) <= MAX_SAID_BYTES && runState().local.take();
}

/** Takes a turn as a local activity; where that gives no result, as an ordinary one. */
export function takeLocalTurn(
  call: AgentCall,
  input: TurnInput,
  ordinary: () => Promise<TurnResult>,
): Promise<TurnResult> {
  const { name, placement, transcript } = call;
  const summary = `${name} · turn ${input.turn}`;
  const timeout = placement.attemptTimeout ?? TIMEOUT;
  const attempt = () => callLocally<TurnResult>({ activity: TURN_ACTIVITY, args: [input], timeout, summary });
  const answered = ({ result, ms }: LocalAnswer<TurnResult>) => {
    if (ms > SLOW_MS) call.local = false;
    return result;
  };
  const declined = async (first: LocalDeclined): Promise<TurnResult> => {
    let outcome: LocalOutcome<TurnResult> = first;
    if (first.missing) {
      handOver(transcript, 'all');
      outcome = await attempt();
      if ('result' in outcome) return answered(outcome);
      // The worker's caches are too small for it.
      if (outcome.missing) call.local = false;
    }
    await waitAsAsked(outcome, summary);
    return ordinary();
  };
  handOver(transcript);
  return attempt().then((outcome) => ('result' in outcome ? answered(outcome) : declined(outcome)));
}

function saidBytes({ appended }: TurnInput): number {
  const said = appended.filter((entry) => typeof entry !== 'string');
  return said.length === 0 ? 0 : byteLength(said);
}
