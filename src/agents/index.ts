export { defineAgent, type Agent, type AgentLimits, type AgentSpec } from './define-agent.js';
export { defineTool, type Tool, type ToolApproval, type ToolContext, type ToolSpec } from './define-tool.js';
export type { Model, Models, Price } from './models.js';
export type { ApprovalAnswer, ApprovalRequest, ApprovalRule, Decision } from './approval.js';
export type { Json, Jsonify } from './json.js';
export type { AssistantMessage, Message, ToolCall, ToolMessage, UserMessage } from './message.js';
export type { Amount, Usage } from './usage.js';
export { BatonError, FAILURES, type FailureCode } from './failures.js';
