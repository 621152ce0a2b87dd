import { Context } from '@temporalio/activity';
import type { ApprovalRequest } from '../agents/approval.js';
import { SEARCH_ATTRIBUTE } from '../agents/names.js';

/** An approval as a notifier is told of it: `id` is `<workflowId>/<n>`, by which it is answered. */
export type PendingApproval = ApprovalRequest & { id: string };

/** Tells people that a run waits for them, by chat, mail or ticket. Called again where an attempt fails. */
export type Notify = (approval: PendingApproval) => void | Promise<void>;

export interface Announcement {
  /** Whether Temporal knows Baton's search attribute. To set an unknown one would block the run. */
  searchable: boolean;
}

/**
 * The activity that announces an approval. It puts the whole question into the history, where Temporal's UI and the
 * trace find it, calls the user's notifier, and tells the run whether it may be found by search attribute.
 */
export function askActivity(notify: Notify | undefined) {
  let searchable = false; // once registered it stays so
  return async (request: ApprovalRequest): Promise<Announcement> => {
    const { workflowExecution } = Context.current().info;
    await notify?.({ ...request, id: `${workflowExecution?.workflowId}/${request.n}` });
    searchable ||= await hasSearchAttribute();
    return { searchable };
  };
}

async function hasSearchAttribute(): Promise<boolean> {
  const { client, log, info } = Context.current();
  try {
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
      namespace: info.workflowNamespace ?? client.options.namespace,
    });
    if (customAttributes && SEARCH_ATTRIBUTE in customAttributes) return true;
    log.warn(
      `the search attribute "${SEARCH_ATTRIBUTE}" is not registered: the inbox must look at every open run. Try: npx baton setup`,
    );
  } catch (error) {
    log.warn('the search attributes could not be listed: the inbox must look at every open run', { error });
  }
  return false;
}
