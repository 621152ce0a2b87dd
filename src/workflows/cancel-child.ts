import { CancellationScope, getExternalWorkflowHandle, log, patched } from '@temporalio/workflow';
import { CANCEL_PATCH } from '../agents/names.js';

/**
 * Has the cancellation of a child reach it also where it has gone on as another run. Temporal sends it to the run that it
 * started, and is content if that has ended: the child would go on, and its parent wait for it.
 */
export function cancelWithScope(workflowId: string, started: Promise<string>, ended: Promise<unknown>): void {
  let isOpen = false;
  const close = () => {
    isOpen = false;
  };
  started.then(() => (isOpen = true), close);
  ended.then(close, close);
  CancellationScope.current().cancelRequested.catch(async () => {
    if (!isOpen || !patched(CANCEL_PATCH)) return;
    try {
      await CancellationScope.nonCancellable(() => getExternalWorkflowHandle(workflowId).cancel());
    } catch (error) {
      log.info('the child has ended already', { error });
    }
  });
}
