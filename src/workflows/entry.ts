import { workflowInfo } from '@temporalio/workflow';
// The plugin has the bundler put the user's module in place of this name.
import * as user from 'batonjs-user-workflows';
import { failure, orchestrations } from './bundled.js';

/**
 * What the workflow bundle is made from: the user's orchestrations, and Baton's own where the user has none of that name.
 */
export * from 'batonjs-user-workflows';

/** Temporal runs this for every workflow type that the user's module does not export. */
export default async function runUnexported(...args: unknown[]): Promise<unknown> {
  const { workflowType } = workflowInfo();
  const own = Object.hasOwn(orchestrations, workflowType) ? orchestrations[workflowType] : undefined;
  if (own) return own(args[0] as never);
  const { default: dynamic } = user;
  if (dynamic) return dynamic(...args);
  const names = [...Object.keys(user).filter((name) => name !== 'default'), ...Object.keys(orchestrations)];
  const known = names.filter((name) => !name.startsWith('baton_')).join(', ');
  throw failure(
    'OrchestrationUnknown',
    `there is no orchestration "${workflowType}" among this worker's: ${known}`,
  );
}
