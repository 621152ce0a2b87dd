import { msToNumber } from '@temporalio/common/lib/time.js';
import type { ToolCall } from '../agents/message.js';
import type { ToolApproval } from '../agents/define-tool.js';
import { readArguments } from '../agents/tool-arguments.js';
import type { CallPolicy } from '../agents/turn.js';
import type { RegisteredAgent, RegisteredTool } from './registry.js';
import { checkArguments } from './check-arguments.js';
import { isRepeatable, toolAttempts } from './tool-attempts.js';

const DEFAULT_TIMEOUT_MS = 60_000;

/** How each call of a message is to be scheduled, from the tools' definitions. */
export function resolveCalls(agent: RegisteredAgent, calls: readonly ToolCall[]): Promise<CallPolicy[]> {
  return Promise.all(calls.map((call) => resolveCall(agent, call)));
}

async function resolveCall(agent: RegisteredAgent, call: ToolCall): Promise<CallPolicy> {
  const registered = agent.tools.get(call.tool);
  if (!registered) {
    const names = [...agent.tools.keys()].join(', ');
    return impossible(
      `There is no tool "${call.tool}". ${names ? `The tools are: ${names}.` : 'There are no tools.'}`,
    );
  }
  const { spec } = registered.tool;
  const { approval, problem } = await approvalOf(registered, call);
  if (problem !== undefined) return impossible(problem);
  return {
    timeout: spec.timeout === undefined ? DEFAULT_TIMEOUT_MS : msToNumber(spec.timeout),
    attempts: toolAttempts(spec),
    ...(isRepeatable(spec) ? {} : { write: true as const }),
    ...(spec.taskQueue === undefined ? {} : { taskQueue: spec.taskQueue }),
    ...(approval ? { approval } : {}),
  };
}

/** The policy of a call that is not scheduled; the model is told why. */
function impossible(problem: string): CallPolicy {
  return { timeout: 1, attempts: 1, problem };
}

/**
 * Who must agree to the call. Where that cannot be told the call does not run: people are not asked about arguments
 * that the tool refuses, and a rule that fails is no consent. It must not fail the turn either, whose answer is paid for.
 */
async function approvalOf(
  { tool }: RegisteredTool,
  call: ToolCall,
): Promise<{ approval?: CallPolicy['approval']; problem?: string }> {
  const { approval } = tool.spec;
  if (approval === undefined) return {};
  try {
    const checked = await checkArguments(tool.spec, readArguments(call.arguments));
    if (checked.problem !== undefined) return checked;
    return { approval: ruleOf(typeof approval === 'function' ? approval(checked.args) : approval) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: `Not done: whether it needs approval could not be told: ${reason}` };
  }
}

function ruleOf(approval: boolean | ToolApproval): CallPolicy['approval'] {
  if (approval === false) return undefined;
  if (approval === true) return {};
  const { timeout, ...rule } = approval;
  return { ...rule, ...(timeout === undefined ? {} : { timeout: msToNumber(timeout) }) };
}
