import type { temporal } from '@temporalio/proto';

/** What a history says of its run. */
export interface HistoryHead {
  workflowId: string;
  runId: string;
  /** Name of the orchestration. */
  type: string;
  taskQueue: string;
  /** Number of events. */
  events: number;
}

/** Temporal's servers note the workflow's id in a history only since 1.24. */
const UNKNOWN_ID = 'unknown';

export function headOf({ events }: temporal.api.history.v1.IHistory): HistoryHead {
  const started = events?.[0]?.workflowExecutionStartedEventAttributes;
  return {
    workflowId: started?.workflowId || UNKNOWN_ID,
    runId: started?.originalExecutionRunId ?? '',
    type: started?.workflowType?.name ?? '',
    taskQueue: started?.taskQueue?.name ?? '',
    events: events?.length ?? 0,
  };
}
