/**
 * Names that cross the wire. This file imports nothing, so that workflow code may take its values.
 */

/** Activity types of Baton's own. A tool's activity type is the tool's name. */
export const TURN_ACTIVITY = 'baton_turn';
export const ASK_ACTIVITY = 'baton_ask';
export const DELIVER_ACTIVITY = 'baton_deliver';
export const DESCRIBE_ACTIVITY = 'baton_describe';
export const COMPENSATE_ACTIVITY = 'baton_compensate';
export const READ_ACTIVITY = 'baton_read';
export const CHECK_ACTIVITY = 'baton_check_output';

export const APPROVALS_QUERY = 'baton_approvals';

/** Update that answers an approval: it is validated, and rejected where the answer does not fit. */
export const DECIDE_UPDATE = 'baton_decide';
/** Signal that answers an approval from Temporal's own UI or CLI. */
export const APPROVE_SIGNAL = 'approve';

/** Signal that has a run undo what its sagas have done: { "reason": "..." }. */
export const UNDO_SIGNAL = 'baton_undo';
/** Signal by which a child tells a saga of what it does. */
export const EFFECT_SIGNAL = 'baton_effect';

/** Signal that brings a run an event. */
export const EVENT_SIGNAL = 'baton_event';
/** Built-in orchestration that delivers an event from outside to its subscriptions. */
export const EMIT_ORCHESTRATION = 'baton_emit';

/** Update that sends a session a message, and gives its answer. */
export const SEND_UPDATE = 'baton_send';
/** Signal that ends a session when what has come is answered. */
export const CLOSE_SIGNAL = 'baton_close';
/**
 * Built-in orchestrations, by the names under which Baton itself starts them: one agent in a run of its own, and one as a session.
 * People start them as `agent` and `session`, names that a user's orchestration may take.
 */
export const AGENT_ORCHESTRATION = 'baton_agent';
export const SESSION_ORCHESTRATION = 'baton_session';
/** How people are shown an orchestration. */
export const orchestrationName = (type: string): string =>
  type === AGENT_ORCHESTRATION || type === SESSION_ORCHESTRATION ? type.slice(RESERVED_PREFIX.length) : type;

/** Signal by which a child that was cancelled tells its parent what it has spent: it has no result that could. */
export const SPENT_SIGNAL = 'baton_spent';

/** Marks runs whose children are cancelled whichever of their runs is the newest. */
export const CANCEL_PATCH = 'baton_cancel_newest';
/** Marks runs in which a person's output for a failed agent is required and checked. */
export const CHECKED_PATCH = 'baton_checked_output';
/** Marks runs in which a tool call is made with the arguments that people changed. */
export const EDITED_PATCH = 'baton_edited_arguments';
/** Marks sessions that begin by asking whether their worker knows the agent. */
export const SESSION_AGENT_PATCH = 'baton_session_agent';
/** Signal by which a batch of items hands its parent a result that its own result has no room for. */
export const PART_SIGNAL = 'baton_part';

/**
 * The run that stands for a circuit that is open, under an id of its provider and model. There is none while all is well.
 */
export const CIRCUIT_ORCHESTRATION = 'baton_circuit';
export const circuitId = (provider: string, model: string): string =>
  `${CIRCUIT_ORCHESTRATION}/${provider}/${model}`;
/** Memo of that run: what is known of the circuit. */
export const CIRCUIT_MEMO = 'circuit';
/** Update that asks it for the one trial, and signal that tells how a call went. */
export const TRIAL_UPDATE = 'baton_trial';
export const TRIED_SIGNAL = 'baton_tried';

/** What the timers of waits are called: of an event, followed by its name, and of a session for its next message. */
export const EVENT_WAIT = 'event';
export const SESSION_WAIT = 'idle session';

/** Marks an argument by which a run hands its state to the run that it is continued as. */
export const CARRIED_ARGUMENT = 'baton_carried';

/** Key of the memo that says what did not go as it should in a run; absent where all went well. */
export const NOTES_MEMO = 'baton_notes';

/** Header that carries a run's options to the run and on to its children. */
export const OPTIONS_HEADER = 'baton_options';

/** The KeywordList search attribute that finds runs by what they wait for. */
export const SEARCH_ATTRIBUTE = 'Baton';
/** Value of the search attribute while a run waits for an approval. */
export const PENDING_KEY = 'pending';
export const approverKey = (approver: string): string => `approver:${approver}`;
export const tenantKey = (tenant: string): string => `tenant:${tenant}`;

/** Function by which an agent says that its input cannot be used. */
export const REJECT_FUNCTION = 'reject_input';
/** Function by which an agent reads a result that it was shown only the start of. */
export const READ_FUNCTION = 'read_result';
/** Function by which an agent hands the conversation over to another. */
export const handoffFunction = (agent: string): string => `transfer_to_${agent}`;

/** How an agent is told that it takes over; the other one's name follows. */
export const HANDOFF_NOTE = 'You take over the conversation from';

export const RESERVED_PREFIX = 'baton_';
export const DEFAULT_TASK_QUEUE = 'baton';
