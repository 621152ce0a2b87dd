import type { Decisions } from './decisions.js';
import { errorOf } from './operation.js';
import type { RecordedAsk } from './recorded-call.js';
import type { SpanOf } from './trace.js';

/** A question to people. It begins with its announcement, and ends with its decision. */
export function approvalSpan(
  { operation, request }: RecordedAsk,
  decisions: Decisions,
  workflowId: string,
): SpanOf<'approval'> {
  const { decision, withdrawnAt } = decisions.of(request.n);
  const withdrawn = withdrawnAt ?? (operation.status === 'cancelled' ? operation.end : undefined);
  const span: SpanOf<'approval'> = {
    kind: 'approval',
    id: request.span,
    path: request.span,
    name: request.title,
    status: 'waiting',
    start: operation.start,
    approvalId: `${workflowId}/${request.n}`,
    request,
    // It waits in the inbox even where nobody could be told of it.
    error: operation.status === 'failed' ? errorOf(operation.failure) : undefined,
    children: [],
  };
  if (decision) {
    const status = decision.status === 'expired' ? 'timedOut' : 'completed';
    return { ...span, status, end: decision.at, decision };
  }
  return withdrawn === undefined ? span : { ...span, status: 'cancelled', end: withdrawn };
}
