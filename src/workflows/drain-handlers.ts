import { allHandlersFinished, condition, log, patched } from '@temporalio/workflow';
import { RunLocal } from './run-local.js';

/** How long a run that is continued as new waits for handlers of signals and updates: one may wait for what will not come. */
const PATIENCE = '1 minute';

const inHandler = new RunLocal<true>();

/** Runs a handler, so that the run is known not to wait for the one that continues it as new. */
export function asHandler<T>(handle: () => T): T {
  return inHandler.run(true, handle);
}

/** Does something when no handler of a signal or update is under way any more: at once where none is. */
export function afterHandlers(what: () => Promise<never>): Promise<never> {
  if (allHandlersFinished() || inHandler.get() || !patched('baton-drain')) return what();
  return condition(allHandlersFinished, PATIENCE).then((areFinished) => {
    if (!areFinished) log.warn(`handlers were given up after ${PATIENCE}, as the run is continued as new`);
    return what();
  });
}
