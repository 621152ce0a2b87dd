import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { OpenCircuit, type TrialRequest, type Tried } from '../../agents/circuit.js';
import { CIRCUIT_MEMO, CIRCUIT_ORCHESTRATION, TRIAL_UPDATE, TRIED_SIGNAL } from '../../agents/names.js';
import { inTime } from '../in-time.js';

/** How long (ms) a call to Temporal may hold up a turn; a dead worker's sticky queue takes a second of it. */
const DEADLINE_MS = 3_000;

/** What became of asking for a trial. */
export type TrialAnswer =
  | { kind: 'granted' }
  | { kind: 'refused'; circuit: OpenCircuit }
  /** The circuit has closed meanwhile. */
  | { kind: 'over' }
  /** No worker of its task queue answers. */
  | { kind: 'silent' };

/** Opens a circuit for the fleet. Where it is open already nothing changes, unless `replace` says that nobody works for it. */
export async function openCircuit(
  client: Client,
  circuit: OpenCircuit,
  { id, taskQueue, replace }: { id: string; taskQueue: string; replace: boolean },
): Promise<void> {
  const { provider, model } = circuit;
  await inTime(client, DEADLINE_MS, () =>
    client.workflow.start(CIRCUIT_ORCHESTRATION, {
      workflowId: id,
      taskQueue,
      args: [circuit],
      memo: { [CIRCUIT_MEMO]: circuit },
      staticSummary: `${model} at ${provider} is not asked`,
      workflowIdConflictPolicy: replace ? 'TERMINATE_EXISTING' : 'USE_EXISTING',
      priority: { priorityKey: 1 },
    }),
  );
}

/** Asks for the one trial. */
export async function askTrial(client: Client, id: string, request: TrialRequest): Promise<TrialAnswer> {
  try {
    await inTime(client, DEADLINE_MS, () =>
      client.workflow.getHandle(id).executeUpdate<void, [TrialRequest]>(TRIAL_UPDATE, { args: [request] }),
    );
    return { kind: 'granted' };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { kind: 'over' };
    if (!(error instanceof WorkflowUpdateFailedError)) return { kind: 'silent' };
    const details = error.cause instanceof ApplicationFailure ? error.cause.details?.[0] : undefined;
    const circuit = OpenCircuit.safeParse(details);
    return circuit.success ? { kind: 'refused', circuit: circuit.data } : { kind: 'over' };
  }
}

/** Tells a circuit how a call went. */
export async function tellCircuit(client: Client, id: string, tried: Tried): Promise<void> {
  try {
    await inTime(client, DEADLINE_MS, () => client.workflow.getHandle(id).signal(TRIED_SIGNAL, tried));
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** Ends a circuit for which nobody works, as its model has answered. */
export async function endCircuit(client: Client, id: string): Promise<void> {
  try {
    await inTime(client, DEADLINE_MS, () =>
      client.workflow.getHandle(id).terminate('the model answered, and no worker was there for the circuit'),
    );
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
