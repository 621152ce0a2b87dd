import type { Client } from '@temporalio/client';
import { OpenCircuit } from '../../agents/circuit.js';
import { CIRCUIT_MEMO, CIRCUIT_ORCHESTRATION } from '../../agents/names.js';

/** Far more than a fleet has models. */
const MAX_CIRCUITS = 1000;

/** All circuits of the namespace that are open, by their ids: one call, which needs no worker. */
export async function openCircuits(client: Client): Promise<Map<string, OpenCircuit>> {
  const query = `WorkflowType = "${CIRCUIT_ORCHESTRATION}" AND ExecutionStatus = "Running"`;
  const found = new Map<string, OpenCircuit>();
  for await (const { workflowId, memo } of client.workflow.list({ query })) {
    const circuit = OpenCircuit.safeParse(memo?.[CIRCUIT_MEMO]);
    if (circuit.success) found.set(workflowId, circuit.data);
    if (found.size === MAX_CIRCUITS) break;
  }
  return found;
}
