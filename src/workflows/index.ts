export { approval, type ApprovalQuestion } from './approval.js';
export { child, type ChildOptions } from './child.js';
export { failureOf, type FailureInfo } from './fail.js';
export { parallel, type ParallelResult } from './patterns/parallel.js';
export { proxyAgents, type AgentFunction, type AgentsOf } from './proxy-agents.js';
export type { AgentCallOptions, AgentResult, TranscriptHandle } from './run-agent.js';
export type { AgentPlacement } from './take-turn.js';
export type { ApprovalRequest, Decision } from '../agents/approval.js';
export type { FailureCode } from '../agents/failures.js';
