/**
 * Every failure that a user can meet: what it is called, what it means, what to do. This file imports
 * nothing, so that workflow code may take its types.
 */
interface FailureRow {
  title: string;
  /** What the user can do, rendered after "Try:". */
  try: string;
  /** Whether Temporal tries the activity again. */
  retryable: boolean;
}

export const FAILURES = {
  RateLimited: {
    title: 'The model provider asks to slow down (429)',
    try: 'start it again later, raise the timeout in proxyAgents or the limit with the provider, or give the agent a second model as fall-back',
    retryable: true,
  },
  ProviderDown: {
    title: 'The model provider did not answer properly (5xx, connection or time-out)',
    try: "look at the provider's status page and at the model's baseUrl, raise attemptTimeout in proxyAgents where answers take longer, or give the agent a second model as fall-back",
    retryable: true,
  },
  CircuitOpen: {
    title: 'The model is not asked now, as its provider was down just before',
    try: 'give the agent a second model as fall-back, or start the run again when npx baton doctor shows the circuit closed; a run that still goes on asks again by itself',
    retryable: true,
  },
  ContextOverflow: {
    title: 'The conversation is longer than the model takes',
    try: "give less as input or context, return less from the tools, or choose a model with a larger context window; the agent's `context` says what may be left out",
    retryable: false,
  },
  Unauthorized: {
    title: 'The model provider refused the key, or the account has no credit',
    try: 'set the environment variable that the model names (default OPENAI_API_KEY) on the worker and restart it, or add credit with the provider',
    retryable: false,
  },
  BadRequest: {
    title: 'The model provider rejected the request',
    try: "check the model's name and settings in the worker's models against the message above",
    retryable: false,
  },
  OutputInvalid: {
    title:
      "The agent's output did not fit its schema, also after being asked to repair it, or was cut at its limit of tokens",
    try: 'simplify the output schema, describe its fields, or use a stronger model; where it was cut, raise limits.outputTokens of the agent or maxOutputTokens of the model',
    retryable: false,
  },
  Refused: {
    title: 'The model refused to answer',
    try: 'read the reason above, and change the instructions or the input',
    retryable: false,
  },
  BudgetExceeded: {
    title: 'The budget does not allow the next model call',
    try: 'start the run with a higher budget, or a cheaper model',
    retryable: false,
  },
  PriceUnknown: {
    title: 'The run has a money budget, but the model has no price',
    try: "give the model a price in the worker's models: price: { input, output } in USD per million tokens",
    retryable: false,
  },
  LimitReached: {
    title: 'The agent reached one of its limits',
    try: 'raise the limit that the message names, or look in the trace for why it goes round',
    retryable: false,
  },
  ToolFailed: {
    title: "The agent's tools failed too often in a row",
    try: 'look at the tool results in the trace; limits.toolErrors of the agent sets how many it may meet',
    retryable: false,
  },
  InputInvalid: {
    title: 'The input does not fit the schema',
    try: 'correct the fields named above',
    retryable: false,
  },
  InputRejected: {
    title: 'The agent says that its input cannot be used',
    try: 'read the reason above, and correct the input or what made it',
    retryable: false,
  },
  TooLarge: {
    title: 'The value is larger than Temporal carries',
    try: 'pass a reference (an id, a path) and let a tool read the content',
    retryable: false,
  },
  TimedOut: {
    title: 'The turn did not end in its time, retries included',
    try: 'raise timeout or attemptTimeout in proxyAgents, and see that a worker is running',
    retryable: false,
  },
  AgentUnknown: {
    title: 'The worker does not know the agent',
    try: 'export the agent from the module given to runWorker({ agents }), and deploy every worker of the task queue',
    retryable: true,
  },
  ToolUnknown: {
    title: 'The worker does not know the tool',
    try: 'export the tool from the module given to runWorker({ agents }), and deploy every worker of the task queue',
    retryable: true,
  },
  VersionUnavailable: {
    title: 'No worker has the version of the agent that the call began with',
    try: 'start a worker of the old code again: the turn is tried until its time-out. Keep old workers until such runs have ended, as Worker Versioning does (docs/deploys.md), or leave pin out of the agent',
    retryable: true,
  },
  TranscriptUnavailable: {
    title: 'The worker could not read the transcript from its run',
    try: "see that workers for the run's task queue are up; the turn is tried again by itself",
    retryable: true,
  },
  WorkerStopped: {
    title: 'The worker was stopped before the call was done',
    try: 'nothing: another worker takes it; where calls take longer than workers have to stop, raise --shutdown-grace (BATON_SHUTDOWN_GRACE)',
    retryable: true,
  },
  HistoryFull: {
    title: 'The run has nearly as long a history as Temporal allows',
    try: 'continue the run as new between calls of agents, once workflowInfo().continueAsNewSuggested says so (docs/long-agents.md)',
    retryable: false,
  },
  TranscriptGone: {
    title: 'The transcript was left behind when the run was continued as new',
    try: 'give its handle to continueAsNew in one of the arguments: the conversations whose handles stand there go along',
    retryable: false,
  },
  TranscriptBusy: {
    title: 'The transcript cannot be continued from here',
    try: 'continue from the transcript of the newest result, one call at a time, in the run that made it',
    retryable: false,
  },
  OutcomeUnknown: {
    title: 'Nobody knows whether the tool call was done',
    try: 'look where its effect would be, by its idempotency key; a tool that enforces the key may say idempotent: true',
    retryable: false,
  },
  Undone: {
    title: 'The run was told to undo what it had done',
    try: 'nothing: it is undone, and the reason stands above; start the run again where it is wanted after all',
    retryable: false,
  },
  CompensationFailed: {
    title: 'Not all that was done could be undone',
    try: 'undo by hand what the message names; its arguments stand in the trace: npx baton show RUN --verbose',
    retryable: false,
  },
  NotAccepted: {
    title: 'The result was not accepted',
    try: 'look in the trace for what it was, and at the check that refused it',
    retryable: false,
  },
  TooFewResults: {
    title: 'Too few branches gave a result',
    try: 'look at the failures named above; a lower need, a fall-back for each branch or need: "bestEffort" goes on with fewer',
    retryable: false,
  },
  RouteUnknown: {
    title: 'There is no way for the input',
    try: 'look at the reasons named above; give the route an otherwise, or an agent that has what is needed',
    retryable: false,
  },
  PlanFailed: {
    title: 'Nothing came of the plan',
    try: 'look at the reasons above; a stronger model for the planner, clearer descriptions of the workers or higher limits may help',
    retryable: false,
  },
  PlanRejected: {
    title: 'People did not agree to the plan',
    try: 'read the comment or the problems above, change the goal or the workers, and start the run again',
    retryable: false,
  },
  OrchestrationUnknown: {
    title: 'The worker does not know the orchestration',
    try: 'export it from the module given to runWorker({ workflows }), under the name that the run was started with',
    retryable: false,
  },
  EventInvalid: {
    title: 'The event does not fit',
    try: "correct what the message names: the event's fields, or its data against the schema of the subscription",
    retryable: false,
  },
  MessageInvalid: {
    title: 'The message to the session does not fit',
    try: 'send { "id": "...", "message": ... } with an id of at most 200 characters, the same where it is sent again',
    retryable: false,
  },
  SessionMoving: {
    title: 'The session is being continued as a new run',
    try: 'send the message again with the same id; the client does so by itself',
    retryable: true,
  },
  SessionClosed: {
    title: 'The session has ended, or is ending',
    try: 'send the message to a new session, under another id or when this one has ended',
    retryable: false,
  },
  AnswerForgotten: {
    title: 'The message was answered before, and the answer is no longer kept',
    try: "see the answer in the session's trace: npx baton show RUN; a new question needs a new message id",
    retryable: false,
  },
  ApprovalInvalid: {
    title: 'The answer does not fit the approval',
    try: 'see what waits, and who may answer, with: npx baton approvals',
    retryable: false,
  },
  TurnUnknown: {
    title: 'The run has no such turn',
    try: 'name one of those listed, by the agent and the number that npx baton show RUN prints; with --json it has the ids',
    retryable: false,
  },
  RunNotFound: {
    title: 'There is no such run',
    try: 'see the runs with: npx baton list',
    retryable: false,
  },
  ServerUnreachable: {
    title: 'No Temporal server answers',
    try: 'start one with: npx baton dev, or set TEMPORAL_ADDRESS',
    retryable: true,
  },
  ServerMissing: {
    title: 'There is no Temporal server binary, and none could be obtained',
    try: 'install the Temporal CLI, or Go, or set BATON_TEMPORAL_BIN or TEMPORAL_ADDRESS; npx baton doctor tells what is found',
    retryable: false,
  },
  StorageMissing: {
    title: 'A stored value is not there, or is damaged',
    try: 'use the storage that the message names: the same folder or bucket on every worker and client (storage, or BATON_STORAGE)',
    retryable: false,
  },
  StorageUnavailable: {
    title: 'The storage of large values cannot be used',
    try: 'see what the message says of it, and check storage or BATON_STORAGE with: npx baton doctor',
    retryable: true,
  },
  ConfigInvalid: {
    title: 'The configuration is not valid',
    try: 'correct what the message names',
    retryable: false,
  },
} as const satisfies Record<string, FailureRow>;

export type FailureCode = keyof typeof FAILURES;

export function isFailureCode(code: unknown): code is FailureCode {
  return typeof code === 'string' && Object.hasOwn(FAILURES, code);
}

/** A failure met outside a run: in set-up, at the client or on the command line. */
export class BatonError extends Error {
  override readonly name = 'BatonError';

  constructor(
    readonly code: FailureCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
