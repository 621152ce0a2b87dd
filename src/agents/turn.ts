import { z } from 'zod';
import { AssistantMessage, Message, ToolMessage, UserMessage } from './message.js';
import { ApprovalRule } from './approval.js';
import { StoredResult } from './stored-result.js';
import { Amount, Usage } from './usage.js';

/**
 * The contract of the turn activity. A turn's input holds only what is new since the turn before: it does
 * not grow with the conversation.
 */

/**
 * A place in a transcript whose content is known: the first `length` messages, and `head`, the chained
 * digest over them (`head(n + 1) = digest(head(n) + digest of message n)`).
 */
export const TranscriptPoint = z.object({ length: z.number().int().nonnegative(), head: z.string() });
export type TranscriptPoint = z.infer<typeof TranscriptPoint>;

/** A message by value where workflow code made it; by digest where an activity's result already holds it. */
export const AppendedMessage = z.union([z.object({ message: Message }), z.string()]);
export type AppendedMessage = z.infer<typeof AppendedMessage>;

const place = z.number().int().nonnegative();

/** What models are shown of a conversation that has become too long for them; `shownOf` shows it. The transcript itself stays whole. */
export const View = z.object({
  /** Messages before this place are left out, but for pinned ones and `input`. It is never between a call and its results. */
  from: place,
  /** Results of tools before this place are shown as one line. */
  results: place.optional(),
  /** Place of the message that sums up what is left out. It is shown in front of what is kept, and not where it stands. */
  summary: place.optional(),
  /** The summary is of the messages before this place. */
  summarised: place.optional(),
  /** First and last place of what the call works on, where it stands before `from`. */
  input: z.tuple([place, place]).optional(),
  /** Characters of a text in a message at most, where a single message is longer than a summariser takes. */
  cut: place.optional(),
});
export type View = z.infer<typeof View>;

export const TurnInput = z.object({
  agent: z.string(),
  /** Hash of the definition that a pinned agent began with. */
  version: z.string().optional(),
  /** Number of the transcript within its run. */
  transcript: z.number().int(),
  /** What earlier turns have seen; absent before the first. */
  base: TranscriptPoint.optional(),
  /** The messages since `base`, in order. */
  appended: z.array(AppendedMessage),
  /** Number of the turn within the agent call, from 1. */
  turn: z.number().int().positive(),
  /** Place in the agent's list of models; absent for the first. */
  model: z.number().int().positive().optional(),
  /** Alias that replaces the agent's own list of models. */
  models: z.array(z.string()).optional(),
  /** What the ledger has reserved for this turn; absent where the run has no budget. */
  grant: Amount.optional(),
  /** How often the provider was down at this turn before the activity; absent where it was not. */
  down: z.number().int().positive().optional(),
  /** Set from when a soft budget is spent: the agent's cheaper model is to answer. */
  thrifty: z.literal(true).optional(),
  /** Set where something else stands for the call if it fails: then it does not wait for a model whose circuit is open. */
  elsewhere: z.literal(true).optional(),
  /** Path of the agent call among the run's spans, such as `offer/clerk.1`. */
  span: z.string(),
  /** What the model is shown of the conversation; absent: the whole. */
  view: View.optional(),
  /** How often in this turn the conversation was found too long, and less of it is shown since; absent: never. */
  compacted: z.number().int().positive().optional(),
  /** Set where a conversation is summed up: nothing of it is left out, and where it is too long it is split. */
  whole: z.literal(true).optional(),
});
export type TurnInput = z.infer<typeof TurnInput>;

/** How the workflow is to schedule one tool call, resolved from the tool's definition. */
export const CallPolicy = z.object({
  /** Start-to-close time-out in milliseconds. */
  timeout: z.number().int().positive(),
  /** Attempts at most; 1 where a second attempt could repeat an effect. */
  attempts: z.number().int().positive(),
  /** Set where a lost attempt may have changed the world: of every tool that writes. */
  write: z.literal(true).optional(),
  taskQueue: z.string().optional(),
  /** Set where the call is to be a local activity. */
  local: z.literal(true).optional(),
  /** Set where the call's effect can be undone; a number: attempts of that at most. */
  compensate: z.union([z.literal(true), z.number().int().positive()]).optional(),
  /** Set where people are asked what became of a call whose outcome is unknown. */
  onUnknown: ApprovalRule.optional(),
  /** Set where people must agree before the call runs. */
  approval: ApprovalRule.extend({ title: z.string().optional() }).optional(),
  /** Set where the call cannot run at all, as with a tool that the agent does not have: says why. */
  problem: z.string().optional(),
  /** Set where nothing is to be run and the model is told just this, as of a hand-off. */
  told: z.string().optional(),
  /** Set where a stored result is to be read. */
  stored: StoredResult.optional(),
  /** Set where another agent answers the call; its own time-out is below. */
  agent: z
    .object({
      name: z.string(),
      /** Whether the agent's input is the argument `input`, as it is no object itself. */
      wrapped: z.literal(true).optional(),
      /** Whether it runs as a child workflow. */
      child: z.literal(true).optional(),
      /** What it may spend, of what the caller may. */
      budget: Amount.optional(),
      /** Milliseconds that it may take in all. */
      timeout: z.number().int().positive().optional(),
    })
    .optional(),
});
export type CallPolicy = z.infer<typeof CallPolicy>;

/** What goes along with a hand-off: the transcript itself; or, to a new one, a summary or nothing, and the last input. */
export const HandoffTranscript = z.enum(['all', 'summary', 'last']);
export type HandoffTranscript = z.infer<typeof HandoffTranscript>;

/** What follows from a turn. The workflow performs it; it never interprets definitions. */
export const NextStep = z.discriminatedUnion('kind', [
  /** The agent is done. `output` is stored only where it differs from the message's text (read as JSON). */
  z.object({ kind: z.literal('final'), output: z.json().optional(), json: z.literal(true).optional() }),
  /** Run the message's calls; `calls[i]` is the policy of call i. */
  z.object({
    kind: z.literal('tools'),
    calls: z.array(CallPolicy),
    /** How many may run at once; absent: 8. */
    concurrency: z.number().int().positive().optional(),
  }),
  /** The message's other calls run, as above, and then the conversation goes on with another agent. */
  z.object({
    kind: z.literal('handoff'),
    to: z.string(),
    /** Index of the call that asks for it. */
    call: z.number().int().nonnegative(),
    /** What of the transcript goes along. */
    keep: HandoffTranscript,
    /** Agent that makes the summary. */
    summariser: z.string().optional(),
    /** Hand-offs at most in one call; absent: 8. */
    limit: z.number().int().nonnegative().optional(),
    calls: z.array(CallPolicy),
    concurrency: z.number().int().positive().optional(),
  }),
  /** The agent says that its input cannot be used. None of the message's calls run. */
  z.object({ kind: z.literal('inputRejected'), reason: z.string() }),
  /** The output failed its schema: `message` says why and goes into the transcript. */
  z.object({ kind: z.literal('repair'), message: UserMessage, digest: z.string() }),
]);
export type NextStep = z.infer<typeof NextStep>;

/** A model was called and answered. */
export const TurnAnswer = z.object({
  kind: z.literal('answer'),
  /** Name of the agent; absent in old histories. */
  agent: z.string().optional(),
  /** Hash of the agent's definition: instructions, models, tool names, JSON schemas, limits. */
  version: z.string(),
  /** Set where the agent's next turns must be taken with this version. */
  pin: z.literal(true).optional(),
  /** Alias and, where it differs, the provider's name of the model that answered. */
  model: z.string(),
  modelName: z.string().optional(),
  /** Digest over what the model was shown: `base` and `appended`. */
  head: z.string(),
  message: AssistantMessage,
  digest: z.string(),
  usage: Usage,
  /** US dollars; absent where the model has no price. */
  cost: z.number().nonnegative().optional(),
  /** What the next turn will cost at most, as far as is known now; absent where the run has no budget. */
  quote: Amount.optional(),
  /** Set where the provider did not count its tokens, and money or tokens are limited: it may have cost all that was granted. */
  uncounted: z.literal(true).optional(),
  /** Set where the agent's cheaper model was asked as a soft budget is spent. */
  thrifty: z.literal(true).optional(),
  /** Set where the answer came from the built-in offline model. */
  offline: z.literal(true).optional(),
  /** The worker's build, as `name:buildId`; set where another one has taken its place. */
  outdated: z.string().optional(),
  step: NextStep,
});
export type TurnAnswer = z.infer<typeof TurnAnswer>;

/** The turn's highest price is over its grant: no model was called. */
export const TurnQuote = z.object({
  kind: z.literal('quote'),
  quote: Amount,
  /**
   * Set where an attempt before this one ended without anybody knowing how, as with the death of its worker: the model may
   * have been paid for, out of the grant that is thereby used up.
   */
  lost: z.literal(true).optional(),
  /** How often the provider was down at this turn so far, where it was. */
  down: z.number().int().positive().optional(),
  /** Digest over what the model would be shown, so that the next attempt need not be sent it again. */
  head: z.string(),
});
export type TurnQuote = z.infer<typeof TurnQuote>;

/** The conversation is longer than the model takes: less of it is to be shown, and then the turn is taken again. */
export const TurnCompact = z.object({
  kind: z.literal('compact'),
  /** Digest over the whole conversation, so that the next attempt need not be sent it again. */
  head: z.string(),
  /** What is shown from then on; where `summarise` is set, without the summary, which is yet to be made. */
  view: View,
  /** What to have summed up first. */
  summarise: z
    .object({
      agent: z.string(),
      /** Models that it uses instead of its own. */
      models: z.array(z.string()).optional(),
      /** The messages up to each place, with the digest over them: as many at once as its model takes. */
      parts: z.array(z.object({ to: place, head: z.string() })).min(1),
      /** Characters of the summary at most. */
      length: z.number().int().positive(),
    })
    .optional(),
  /** Of a conversation that is summed up: where to split it, instead of all else. */
  split: TranscriptPoint.optional(),
  /** Tokens of the request, as estimated: before, with the new view (a summary allowed for), and at most. */
  tokens: z.object({ before: z.number().int(), after: z.number().int(), limit: z.number().int() }),
  /** Alias of the model. */
  model: z.string(),
  /** Set where the provider said that it is too long. */
  rejected: z.literal(true).optional(),
  /** As in a quote. */
  lost: z.literal(true).optional(),
  down: z.number().int().positive().optional(),
});
export type TurnCompact = z.infer<typeof TurnCompact>;

export const TurnResult = z.discriminatedUnion('kind', [TurnAnswer, TurnQuote, TurnCompact]);
export type TurnResult = z.infer<typeof TurnResult>;

/** Details of a failed turn, beside the failure's code. */
export const TurnFailureDetails = z.object({
  /** Alias of the model that failed. */
  model: z.string().optional(),
  /** Place of the next model in the agent's list; absent where the agent has no other. */
  next: z.number().int().positive().optional(),
  /** Digest over what the model was shown, so that the next attempt need not be sent it again. */
  head: z.string().optional(),
  /** HTTP status, where there was one. */
  status: z.number().int().optional(),
  /** Set where the provider may charge for the failed call, and did not say how much. */
  maybePaid: z.literal(true).optional(),
  /** What the failed call cost, where the provider said. */
  usage: Usage.optional(),
  cost: z.number().nonnegative().optional(),
});
export type TurnFailureDetails = z.infer<typeof TurnFailureDetails>;

/** Second argument of a tool's activity; the first is the arguments as the model gave them. */
export const ToolCallContext = z.object({
  transcript: z.number().int(),
  /** Index of the assistant message in the transcript, and of the call in the message. */
  message: z.number().int(),
  call: z.number().int(),
  /**
   * First run id of the workflow's chain, for a write and where it is another than the run's own; followed by `/` and how many times
   * it was continued as new, where it was.
   */
  origin: z.string().optional(),
  /** Of a write, where `origin` is something else: the run's id. The run that makes the call has another one if it is a reset of that. */
  began: z.string().optional(),
  tenant: z.string().optional(),
  /** Whose call it is, agent and turn, for logs and metrics; absent in histories of before. */
  by: z.tuple([z.string(), z.number().int()]).optional(),
  /** The result that is to be read. */
  stored: StoredResult.optional(),
});
export type ToolCallContext = z.infer<typeof ToolCallContext>;

export const ToolResult = z.object({ message: ToolMessage, digest: z.string() });
export type ToolResult = z.infer<typeof ToolResult>;
