import { WorkflowFailedError } from '@temporalio/client';
import type { Run } from '../../src/client.js';
import * as agents from '../workflow/fixtures/effect-agents.js';
import { callerScript, type PlannedCall } from './caller-script.js';
import { startEffectServer } from './effect-server.js';
import { openStage } from './stage.js';

/**
 * A worker whose agents make the calls that they are given, and the server on which these have effects.
 * @param activities of the orchestrations' own
 * @param instead see `callerScript`
 */
export async function openEffectStage(activities: object = {}, instead?: Map<string, PlannedCall[][]>) {
  const server = await startEffectServer();
  process.env.BATON_TEST_EFFECTS = server.url;
  const stage = await openStage(
    agents,
    (model) => model.script(callerScript(instead)).models('small'),
    new URL('../workflow/fixtures/effect-workflows.ts', import.meta.url),
    activities,
  );
  const close = async () => {
    await stage.close();
    await server.stop();
  };
  return { stage, server, baton: stage.baton, close };
}

/** A call of a tool on something. */
export const on = (tool: string, what: string, args: object = {}): PlannedCall => ({
  tool,
  args: { what, ...args },
});

/** What a run fails with; undefined where it does not. */
export function failureOf(run: Run): Promise<Error | undefined> {
  return run.result().then(
    () => undefined,
    (error: unknown) => (error instanceof WorkflowFailedError ? error.cause : (error as Error)),
  );
}
