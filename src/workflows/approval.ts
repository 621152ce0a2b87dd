import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { isCancellation, log, proxyActivities, upsertSearchAttributes } from '@temporalio/workflow';
import type { ApprovalRequest, ApprovalRule, Decision } from '../agents/approval.js';
import type { Json } from '../agents/json.js';
import { approverKey, ASK_ACTIVITY, PENDING_KEY, SEARCH_ATTRIBUTE, tenantKey } from '../agents/names.js';
import { runState, type RunState } from './run-state.js';
import { openSpan } from './span.js';
import { waitFor } from './wait-for.js';

export interface ApprovalQuestion extends Omit<ApprovalRule, 'timeout'> {
  /** One line, as the inbox shows it. */
  title: string;
  /** What one must know to decide: Markdown or data. */
  details?: Json;
  /** Answers to choose from, beside approve and reject. */
  options?: string[];
  /** `required`: an approval without edits, or one of the options, is refused. */
  edits?: 'required';
  /** How long people have. Default: for ever. */
  timeout?: Duration;
}

/**
 * Asks people and waits, durably. It ends with the first valid answer or at the deadline, and never fails for want of
 * an answer: an expired question is a decision that is not approved. A question still open when the run is continued as new
 * is closed with it; asked again there, word for word, it is the same question, with the answer that came meanwhile.
 */
export async function approval(question: ApprovalQuestion): Promise<Decision> {
  const state = runState();
  const { timeout, ...rest } = question;
  const askedAt = Date.now();
  const wait = timeout === undefined ? undefined : msToNumber(timeout);
  const request = state.approvals.open({
    ...rest,
    ...(wait === undefined ? {} : { timeout: wait, deadline: askedAt + wait }),
    askedAt,
    span: openSpan('approval'),
  });
  state.refresh();
  try {
    return await decided(state, request, wait);
  } catch (error) {
    if (isCancellation(error)) state.approvals.withdraw(request.n, Date.now());
    throw error;
  } finally {
    state.approvals.close(request.n);
    showWaiting(state);
    state.refresh();
  }
}

async function decided(
  state: RunState,
  request: ApprovalRequest,
  wait: number | undefined,
): Promise<Decision> {
  const isDecided = () => state.approvals.decisionOn(request.n) !== undefined;
  await announce(state, request);
  const left = wait === undefined ? undefined : Math.max(1, request.askedAt + wait - Date.now());
  const inTime = await waitFor(isDecided, { timeout: left, summary: `deadline of approval ${request.n}` });
  if (!inTime) state.approvals.expire(request, Date.now());
  const decision = state.approvals.decisionOn(request.n);
  if (!decision) throw new Error(`approval ${request.n} has no decision`);
  return decision;
}

/** Puts the question into the history and before people. Where that fails the question still waits in the inbox. */
async function announce(state: RunState, request: ApprovalRequest): Promise<void> {
  const { [ASK_ACTIVITY]: ask } = proxyActivities<
    Record<string, (r: ApprovalRequest) => Promise<{ searchable: boolean }>>
  >({
    startToCloseTimeout: '30 seconds',
    retry: { maximumAttempts: 3 },
    summary: `approval ${request.n} · ${request.title}`.slice(0, 200),
  });
  try {
    const announced = await ask?.(request);
    state.searchable ||= announced?.searchable === true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the announcement of an approval failed; it waits in the inbox', { approval: request.n, error });
  }
  showWaiting(state);
}

const KEYS = defineSearchAttributeKey(SEARCH_ATTRIBUTE, SearchAttributeType.KEYWORD_LIST);

/** Sets the search attribute by which the inbox finds the run, where Temporal knows it. */
function showWaiting({ searchable, approvals, options }: RunState): void {
  if (!searchable) return;
  const { waiting } = approvals;
  const keys = [
    ...(options.tenant === undefined ? [] : [tenantKey(options.tenant)]),
    ...(waiting.length > 0 ? [PENDING_KEY] : []),
    ...new Set(waiting.flatMap(({ approvers = [] }) => approvers.map(approverKey))),
  ];
  upsertSearchAttributes([{ key: KEYS, value: keys.length > 0 ? keys : null }]);
}
