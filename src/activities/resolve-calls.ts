import { msToNumber } from '@temporalio/common/lib/time.js';
import type { ToolCall } from '../agents/message.js';
import type { ToolApproval } from '../agents/define-tool.js';
import { readArguments } from '../agents/tool-arguments.js';
import type { CallPolicy } from '../agents/turn.js';
import type { RegisteredAgent, RegisteredTool } from './registry.js';

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_ATTEMPTS = 3;

/** How each call of a message is to be scheduled, from the tools' definitions. */
export function resolveCalls(agent: RegisteredAgent, calls: readonly ToolCall[]): Promise<CallPolicy[]> {
  return Promise.all(calls.map((call) => resolveCall(agent, call)));
}

async function resolveCall(agent: RegisteredAgent, call: ToolCall): Promise<CallPolicy> {
  const registered = agent.tools.get(call.tool);
  if (!registered) {
    const names = [...agent.tools.keys()].join(', ');
    return {
      timeout: 1,
      attempts: 1,
      problem: `There is no tool "${call.tool}". ${names ? `The tools are: ${names}.` : 'There are no tools.'}`,
    };
  }
  const { spec } = registered.tool;
  const repeatable = spec.effect === 'read' || spec.idempotent === true;
  const approval = await approvalOf(registered, call);
  return {
    timeout: spec.timeout === undefined ? DEFAULT_TIMEOUT_MS : msToNumber(spec.timeout),
    attempts: repeatable ? (spec.attempts ?? DEFAULT_ATTEMPTS) : 1,
    ...(repeatable ? {} : { write: true as const }),
    ...(spec.taskQueue === undefined ? {} : { taskQueue: spec.taskQueue }),
    ...(approval ? { approval } : {}),
  };
}

async function approvalOf({ tool }: RegisteredTool, call: ToolCall): Promise<CallPolicy['approval']> {
  const { approval, input } = tool.spec;
  if (approval === undefined) return undefined;
  if (typeof approval !== 'function') return ruleOf(approval);
  const args = await input.safeParseAsync(readArguments(call.arguments));
  // Bad arguments are refused by the tool itself: nobody need be asked.
  return args.success ? ruleOf(approval(args.data as never)) : undefined;
}

function ruleOf(approval: boolean | ToolApproval): CallPolicy['approval'] {
  if (approval === false) return undefined;
  if (approval === true) return {};
  const { timeout, ...rule } = approval;
  return { ...rule, ...(timeout === undefined ? {} : { timeout: msToNumber(timeout) }) };
}
