import type { Client } from '@temporalio/client';

/** Activities a second; `none` removes the limit. */
export type Rate = number | 'none';

export interface QueueRates {
  taskQueue: string;
  /** Of the whole task queue, however many workers it has. */
  queue?: Rate | undefined;
  /** Of each tenant on it. */
  tenant?: Rate | undefined;
}

/** `TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY` of Temporal's API. */
const ACTIVITIES = 2;

/** Has the server hold back the turns and tool calls of a task queue. It keeps the limits until they are changed. */
export async function setQueueRates(
  { workflowService, options }: Client,
  { taskQueue, queue, tenant }: QueueRates,
): Promise<void> {
  await workflowService.updateTaskQueueConfig({
    namespace: options.namespace,
    identity: 'baton setup',
    taskQueue,
    taskQueueType: ACTIVITIES,
    ...(queue === undefined ? {} : { updateQueueRateLimit: updateTo(queue) }),
    ...(tenant === undefined ? {} : { updateFairnessKeyRateLimitDefault: updateTo(tenant) }),
  });
}

function updateTo(rate: Rate) {
  const reason = 'baton setup';
  return rate === 'none' ? { reason } : { rateLimit: { requestsPerSecond: rate }, reason };
}
