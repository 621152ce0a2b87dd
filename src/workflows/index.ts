export { approval, type ApprovalQuestion } from './approval.js';
export { asChild, child } from './child.js';
export type { ChildOptions } from './child-options.js';
export { contain, type ContainOptions, type Outcome } from './contain.js';
export { describeAgents } from './describe-agents.js';
export type { FallbackQuestion } from './ask-for-output.js';
export type { Fallback, FallbackOption } from './fall-back.js';
export { emit } from './emit.js';
export { failureOf, rejectionOf, type FailureInfo, type InputRejection } from './fail.js';
export { gather, type Branch, type Gathered, type GatherOptions, type Missing, type Need } from './gather.js';
export type { Discussion, Voter } from './patterns/ask-voter.js';
export type { Person } from './patterns/ask-person.js';
export { bestOf, type BestOf, type BestOfOptions } from './patterns/best-of.js';
export type { TieRule } from './patterns/break-tie.js';
export { cascade, type Cascaded, type CascadeOptions, type RejectedRung } from './patterns/cascade.js';
export {
  roundRobin,
  type Chat,
  type ChatMessage,
  type NextSpeaker,
  type NextTurn,
  type Said,
} from './patterns/chat.js';
export type { Classified, Escalation, LabelOf } from './patterns/classify.js';
export type { Agreed, Claim, Compared, Conflict } from './patterns/conflicts.js';
export { debate, type DebateOptions, type DebateResult } from './patterns/debate.js';
export {
  groupChat,
  type GroupChatOptions,
  type GroupChatResult,
  type Speaker,
} from './patterns/group-chat.js';
export type { Judge } from './patterns/judge-blind.js';
export { mapAll, type MapOptions } from './patterns/map-all.js';
export type { Moderator } from './patterns/moderator.js';
export {
  parallel,
  type ParallelOptions,
  type ParallelResult,
  type PartialResult,
} from './patterns/parallel.js';
export { plan, type PlanOptions, type PlanResult, type TaskReport } from './patterns/plan.js';
export type { PlanApproval } from './patterns/plan/plan-run.js';
export type { Revision } from './patterns/plan/board.js';
export type { Worker, Workers, WorkerTask } from './patterns/plan/team.js';
export {
  reconcile,
  type Answer,
  type Arbiter,
  type Comparer,
  type Reconciled,
  type ReconcileOptions,
} from './patterns/reconcile.js';
export { refine, type CriticInput, type CriticVerdict, type RefineOptions } from './patterns/refine.js';
export { route, type Routed, type RouteOptions } from './patterns/route.js';
export { routeToAgent, type RoutedToAgent, type RouteToAgentOptions } from './patterns/route-to-agent.js';
export { saga, type Saga } from './saga.js';
export type { NotUndone } from './undo-effects.js';
export { session, type SessionEnd, type SessionOptions } from './patterns/session.js';
export type { Vote, VoteOption, VotingRule } from './patterns/tally.js';
export { vote, type VoteOptions, type VoteResult } from './patterns/vote.js';
export type { VotingRound } from './patterns/voting-round.js';
export { messagesOf } from './messages-of.js';
export { notes } from './notes.js';
export type { Progress } from './progress.js';
export { proxyAgents, type AgentFunction, type AgentsOf } from './proxy-agents.js';
export type { AgentCallOptions, AgentResult, TranscriptHandle } from './run-agent.js';
export type { AgentPlacement } from './take-turn.js';
export { until, type Round, type UntilOptions, type UntilResult, type Verdict } from './until.js';
export { waitFor, type WaitOptions } from './wait-for.js';
export { waitForEvent, type EventWait } from './wait-for-event.js';
export type { ArbiterInput, Ruling } from '../agents/built-in/arbiter.js';
export type { ComparerInput, Comparison } from '../agents/built-in/comparer.js';
export type { Judgement, JudgeInput } from '../agents/built-in/judge.js';
export type { ModeratorChoice, ModeratorInput } from '../agents/built-in/moderator.js';
export type { AgentCard } from '../agents/agent-card.js';
export type { ApprovalRequest, Decision } from '../agents/approval.js';
export type { BatonEvent, OutgoingEvent, Reached } from '../agents/event.js';
export type { FailureCode } from '../agents/failures.js';
export type { Note } from '../agents/note.js';
export type {
  Plan,
  PlannedTask,
  PlanRequest,
  Review,
  ReviewRequest,
  SynthesisRequest,
  WorkerCard,
} from '../agents/plan.js';
export type { PlanLimits } from '../agents/plan-limits.js';
