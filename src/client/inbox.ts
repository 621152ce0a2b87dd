import type { Client } from '@temporalio/client';
import type { ApprovalRequest } from '../agents/approval.js';
import { APPROVALS_QUERY, CIRCUIT_ORCHESTRATION, PENDING_KEY, SEARCH_ATTRIBUTE } from '../agents/names.js';

/** An approval that waits; `id` is `<workflowId>/<n>`, by which it is answered. */
export type PendingApproval = ApprovalRequest & { id: string; workflowId: string };

export interface InboxFilter {
  /** Only what this person or role may answer; questions for anybody are among them. */
  approver?: string;
  /** Open runs to look at, at most. Default 1,000. */
  limit?: number;
  /** Told of each run that could not be asked, as where its worker is away; the others are given. Default: it is thrown. */
  onSilent?: (workflowId: string, error: unknown) => void;
}

/**
 * What waits for people in all open runs of the namespace, the oldest first: the runs by search attribute, or, where
 * that is not registered, every open run; the questions by a query of each.
 */
export async function pendingApprovals(
  client: Client,
  { approver, limit = 1000, onSilent }: InboxFilter,
): Promise<PendingApproval[]> {
  const found: PendingApproval[] = [];
  const running = `ExecutionStatus = "Running" AND WorkflowType != "${CIRCUIT_ORCHESTRATION}"`;
  const query = (await isSearchable(client))
    ? `${running} AND ${SEARCH_ATTRIBUTE} = "${PENDING_KEY}"`
    : running;
  let seen = 0;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    if (++seen > limit) break;
    try {
      found.push(...(await approvalsOf(client, workflowId, runId)));
    } catch (error) {
      if (!onSilent) throw error;
      onSilent(workflowId, error);
    }
  }
  const mine =
    approver === undefined
      ? found
      : found.filter(({ approvers }) => !approvers || approvers.includes(approver));
  return mine.sort((a, b) => a.askedAt - b.askedAt);
}

/** What waits in one run. */
export async function approvalsOf(
  client: Client,
  workflowId: string,
  runId?: string,
): Promise<PendingApproval[]> {
  try {
    const handle = client.workflow.getHandle(workflowId, runId);
    const waiting = await handle.query<ApprovalRequest[]>(APPROVALS_QUERY);
    return waiting.map((request) => ({ ...request, id: `${workflowId}/${request.n}`, workflowId }));
  } catch (error) {
    // A workflow that is not Baton's, or not yet begun, has nothing that waits.
    if (error instanceof Error && error.name === 'QueryNotRegisteredError') return [];
    throw error;
  }
}

async function isSearchable(client: Client): Promise<boolean> {
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
    namespace: client.options.namespace,
  });
  return customAttributes !== null && customAttributes !== undefined && SEARCH_ATTRIBUTE in customAttributes;
}
