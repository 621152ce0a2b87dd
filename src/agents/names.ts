/**
 * Names that cross the wire. This file imports nothing, so that workflow code may take its values.
 */

/** Activity types of Baton's own. A tool's activity type is the tool's name. */
export const TURN_ACTIVITY = 'baton_turn';
export const ASK_ACTIVITY = 'baton_ask';

export const TRANSCRIPT_QUERY = 'baton_transcript';
export const APPROVALS_QUERY = 'baton_approvals';

/** Update that answers an approval: it is validated, and rejected where the answer does not fit. */
export const DECIDE_UPDATE = 'baton_decide';
/** Signal that answers an approval from Temporal's own UI or CLI. */
export const APPROVE_SIGNAL = 'approve';

/** Header that carries a run's options to the run and on to its children. */
export const OPTIONS_HEADER = 'baton_options';

/** The KeywordList search attribute that finds runs by what they wait for. */
export const SEARCH_ATTRIBUTE = 'Baton';
/** Value of the search attribute while a run waits for an approval. */
export const PENDING_KEY = 'pending';
export const approverKey = (approver: string): string => `approver:${approver}`;
export const tenantKey = (tenant: string): string => `tenant:${tenant}`;

export const RESERVED_PREFIX = 'baton_';
export const DEFAULT_TASK_QUEUE = 'baton';
