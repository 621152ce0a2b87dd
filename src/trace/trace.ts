import { z } from 'zod';
import { ApprovalRequest, Decision } from '../agents/approval.js';
import { AssistantMessage, Message } from '../agents/message.js';
import { Note } from '../agents/note.js';
import { StoredResult } from '../agents/stored-result.js';
import { HandoffTranscript, View } from '../agents/turn.js';
import { Amount, Usage } from '../agents/usage.js';

/**
 * The contract of a trace: the tree of what a run did, derived from its history. Times are milliseconds since the
 * epoch, money is US dollars.
 */

export const SpanStatus = z.enum(['running', 'waiting', 'completed', 'failed', 'cancelled', 'timedOut']);
/** `waiting` is for people or time; `cancelled` also for what was still open when its run closed. */
export type SpanStatus = z.infer<typeof SpanStatus>;

export const SpanError = z.object({
  /** Code of the failure table, another error's type, or `TimedOut`, `Cancelled`, `Terminated`, `ToolError`. */
  code: z.string(),
  message: z.string(),
});
export type SpanError = z.infer<typeof SpanError>;

/** Sums over a span and everything below it. */
export const Totals = z.object({
  usage: Usage,
  /** US dollars of the answers that are recorded. */
  cost: z.number(),
  /** Answers of models without a price: they add nothing to `cost`. */
  unpriced: z.number().int(),
  /** Model calls that may have been paid for without a recorded answer, and the most they cost, where reserved. */
  unconfirmed: z.object({ calls: z.number().int(), usd: z.number() }),
  /** Model calls, tool calls, attempts beyond an activity's first, and outputs sent back for repair. */
  turns: z.number().int(),
  toolCalls: z.number().int(),
  retries: z.number().int(),
  repairs: z.number().int(),
  /** Whether the built-in offline model gave any answer. */
  offline: z.boolean(),
});
export type Totals = z.infer<typeof Totals>;

const Base = z.object({
  /** Unique in the trace. */
  id: z.string(),
  name: z.string(),
  status: SpanStatus,
  start: z.number(),
  /** Absent while it goes on. */
  end: z.number().optional(),
  error: SpanError.optional(),
});

/** What is done by an activity, and may have been tried several times. */
const Attempted = Base.extend({
  /** Number of the last attempt. History has it when the activity has ended; before, a trace that a client fetches has it from the server. */
  attempts: z.number().int().optional(),
  /** How the attempt before the last failed. */
  lastFailure: SpanError.optional(),
  /** When the last attempt begins, while it is still to come. */
  nextAttempt: z.number().optional(),
});

/** A note, and the run below this one that it is of. */
export const TraceNote = Note.extend({ workflowId: z.string().optional() });
export type TraceNote = z.infer<typeof TraceNote>;

const Resumes = z.object({ call: z.string(), agent: z.string() });

const RunFields = Base.extend({
  kind: z.literal('run'),
  workflowId: z.string(),
  /** Run ids, the first to the last, where the run was continued as new. */
  runIds: z.array(z.string()),
  taskQueue: z.string().optional(),
  parent: z.object({ workflowId: z.string(), runId: z.string() }).optional(),
  input: z.json().optional(),
  output: z.json().optional(),
  /** Run that goes on where this trace ends. */
  next: z.string().optional(),
  /** The agent call of another run that it was begun to go on with, and the agent that had the conversation: paths of their spans. */
  resumes: Resumes.optional(),
  /** Why the workflow code cannot go on, where its last task failed; Temporal tries it again. */
  stuck: SpanError.optional(),
  /** What did not go as it should in it and in the runs below it, though it went on; known when they have ended. */
  notes: z.array(TraceNote),
  /** How many notes there were beyond those. */
  moreNotes: z.number().int().optional(),
  totals: Totals,
});

/** A named part of the run, such as a branch of `parallel`. */
const BranchFields = Base.extend({ kind: z.literal('branch'), path: z.string(), totals: Totals });

const AgentFields = Base.extend({
  kind: z.literal('agent'),
  path: z.string(),
  /** Name of the agent that handed the conversation over to it, in whose call it goes on. */
  handedOverBy: z.string().optional(),
  /** Hash of the definition that took the last turn. */
  version: z.string().optional(),
  /** Alias of the model that answered last. */
  model: z.string().optional(),
  /** Number of its transcript in the run. */
  transcript: z.number().int(),
  context: z.json().optional(),
  input: z.json().optional(),
  output: z.json().optional(),
  totals: Totals,
});

const TurnFields = Attempted.extend({
  kind: z.literal('turn'),
  /** Number within the agent call, from 1; a fall-back to another model keeps it. */
  turn: z.number().int(),
  /** Alias, and the provider's name where it differs. */
  model: z.string().optional(),
  modelName: z.string().optional(),
  /** Alias of the model that failed this turn before. */
  fallbackFrom: z.string().optional(),
  offline: z.literal(true).optional(),
  usage: Usage.optional(),
  cost: z.number().optional(),
  unpriced: z.literal(true).optional(),
  /** What was reserved for it; and what it would have needed, where that was more than is left. */
  grant: Amount.optional(),
  quote: Amount.optional(),
  /** Model calls for it whose answer was lost, as with the death of a worker, and the most they cost. */
  lost: z.object({ calls: z.number().int(), usd: z.number() }).optional(),
  /** What of the conversation the model was shown, of how many messages; absent: the whole. */
  shown: z.object({ view: View, length: z.number().int() }).optional(),
  /** What workflow code said to the agent before it. */
  given: z.array(Message),
  /** Without what only the provider understands. */
  message: AssistantMessage.omit({ opaque: true }).optional(),
  step: z.enum(['final', 'tools', 'repair', 'handoff', 'inputRejected']).optional(),
  /** To whom it hands the conversation over, what of the transcript goes along, and what it says to it. */
  handoff: z.object({ to: z.string(), keep: HandoffTranscript, message: z.string().optional() }).optional(),
  /** Why it rejects its input. */
  rejection: z.string().optional(),
  /** Why the output failed its schema and went back to the model. */
  repair: z.json().optional(),
});

/** What was left out of a conversation that was too long for the model. The transcript itself stays whole. */
const CompactionFields = Attempted.extend({
  kind: z.literal('compaction'),
  /** Number of the turn that was to be taken. */
  turn: z.number().int(),
  model: z.string(),
  /** Of the request, as estimated: before, after, and at most. */
  tokens: z.object({ before: z.number().int(), after: z.number().int(), limit: z.number().int() }),
  /** Set where the provider said that it is too long. */
  rejected: z.literal(true).optional(),
  /** What was shown before, and from then on, but for the summary. */
  before: View.optional(),
  view: View,
  /** Agent that sums up what is left out. */
  summariser: z.string().optional(),
  /** Set where a summariser found too much to be summed up at once: it was called for each half then. */
  split: z.literal(true).optional(),
});

const ToolFields = Attempted.extend({
  kind: z.literal('tool'),
  /** Index of the call in the turn's message. */
  call: z.number().int(),
  input: z.json(),
  output: z.json().optional(),
  /** Bytes of the whole result, where it was cut. */
  cutFrom: z.number().int().optional(),
  /** Where the whole is kept; `Baton.stored` reads it. */
  stored: StoredResult.optional(),
});

const ApprovalFields = Base.extend({
  kind: z.literal('approval'),
  path: z.string(),
  /** `<workflowId>/<n>`, by which it is answered. */
  approvalId: z.string(),
  request: ApprovalRequest,
  decision: Decision.extend({
    /** How it came: by Update, by Signal, or the deadline passed. */
    via: z.enum(['update', 'signal', 'deadline']),
  }).optional(),
});

const ChildFields = Base.extend({
  kind: z.literal('child'),
  path: z.string().optional(),
  /** Name of the orchestration. */
  type: z.string(),
  workflowId: z.string(),
  runIds: z.array(z.string()),
  input: z.json().optional(),
  output: z.json().optional(),
  stuck: SpanError.optional(),
  /** See `run`: the call is one of this run's. */
  resumes: Resumes.optional(),
  /** Why its own history is not in the trace. */
  untraced: z.string().optional(),
  totals: Totals,
});

/** An activity, Nexus operation or signal to another run that is the user's own. */
const ActivityFields = Attempted.extend({
  kind: z.literal('activity'),
  operation: z.enum(['activity', 'nexus', 'message']),
  summary: z.string().optional(),
  input: z.array(z.json()),
  output: z.json().optional(),
});

const TimerFields = Base.extend({ kind: z.literal('timer'), /** Milliseconds. */ duration: z.number() });

const SignalFields = Base.extend({
  kind: z.literal('signal'),
  input: z.array(z.json()),
  /** Who sent it: Temporal's name of the client. */
  identity: z.string().optional(),
});

const UpdateFields = Base.extend({
  kind: z.literal('update'),
  input: z.array(z.json()),
  identity: z.string().optional(),
  output: z.json().optional(),
});

const Fields = z.discriminatedUnion('kind', [
  RunFields,
  BranchFields,
  AgentFields,
  TurnFields,
  CompactionFields,
  ToolFields,
  ApprovalFields,
  ChildFields,
  ActivityFields,
  TimerFields,
  SignalFields,
  UpdateFields,
]);

/** One thing that a run did, and what it consisted of. */
export type Span = z.infer<typeof Fields> & { children: Span[] };
export const Span: z.ZodType<Span> = Fields.and(z.object({ children: z.array(z.lazy(() => Span)) }));

export type SpanOf<K extends Span['kind']> = Extract<Span, { kind: K }>;

/** A run as a tree. It is the span of the run; those of its children hang below it. */
export type Trace = SpanOf<'run'>;
export const Trace: z.ZodType<Trace> = RunFields.and(z.object({ children: z.array(Span) }));
