export { defineAgent, type Agent, type AgentLimits, type AgentSpec } from './define-agent.js';
export { agentTool, type AgentTool, type AgentToolSpec } from './agent-tool.js';
export { handoff, type Handoff, type Handoffs, type HandoffSpec } from './handoff.js';
export type { ContextPolicy } from './context-policy.js';
export {
  defineTool,
  type CompensationContext,
  type Tool,
  type ToolApproval,
  type ToolContext,
  type ToolSpec,
} from './define-tool.js';
export { defineSubscription, type Subscription, type SubscriptionSpec } from './define-subscription.js';
export type { BatonEvent } from './event.js';
export { Plan, PlannedTask, PlanRequest, Review, ReviewRequest, SynthesisRequest } from './plan.js';
export type { Model, Models, Price } from './models.js';
export type { ApprovalAnswer, ApprovalRequest, ApprovalRule, Decision } from './approval.js';
export type { Json, Jsonify } from './json.js';
export type { AssistantMessage, Message, ToolCall, ToolMessage, UserMessage } from './message.js';
export type { Amount, Budget, Usage } from './usage.js';
export { BatonError, FAILURES, type FailureCode } from './failures.js';
