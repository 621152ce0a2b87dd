import { msToNumber } from '@temporalio/common/lib/time.js';
import type { ToolCall } from '../agents/message.js';
import { agentInput, readArguments } from '../agents/tool-arguments.js';
import type { StoredResult } from '../agents/stored-result.js';
import type { CallPolicy } from '../agents/turn.js';
import type { RegisteredAgentTool } from './agent-links.js';
import { approvalOf, ruleOf } from './call-approval.js';
import { checkArguments } from './check-arguments.js';
import type { RegisteredAgent, RegisteredTool } from './registry.js';
import { resultOf } from './stored-results.js';
import { toolAttempts } from './tool-attempts.js';

const DEFAULT_TIMEOUT_MS = 60_000;
const READ_ATTEMPTS = 3;
const DEFAULT_LOCAL_TIMEOUT_MS = 10_000;

/**
 * How each call of a message is to be scheduled, from the definitions of tools and agents.
 * @param stored results that the model may read on in, by name
 */
export function resolveCalls(
  agent: RegisteredAgent,
  calls: readonly ToolCall[],
  stored: ReadonlyMap<string, StoredResult> = new Map(),
): Promise<CallPolicy[]> {
  const handoff = calls.find(({ tool }) => agent.handoffs.has(tool));
  return Promise.all(calls.map((call) => resolveCall(agent, call, call === handoff, stored)));
}

async function resolveCall(
  agent: RegisteredAgent,
  call: ToolCall,
  isChosen: boolean,
  stored: ReadonlyMap<string, StoredResult>,
): Promise<CallPolicy> {
  const tool = agent.tools.get(call.tool);
  if (tool) return toolPolicy(tool, call);
  const agentTool = agent.agentTools.get(call.tool);
  if (agentTool) return agentPolicy(agentTool, call);
  const handoff = agent.handoffs.get(call.tool);
  if (!handoff) {
    const result = resultOf(call, stored);
    if (result && 'problem' in result) return impossible(result.problem);
    if (result) return { timeout: DEFAULT_TIMEOUT_MS, attempts: READ_ATTEMPTS, ...result };
    const names = agent.offers.map(({ name }) => name).join(', ');
    return impossible(
      `There is no tool "${call.tool}". ${names ? `The tools are: ${names}.` : 'There are no tools.'}`,
    );
  }
  return isChosen
    ? { ...NOTHING, told: `The conversation goes on with ${handoff.to}.` }
    : impossible(
        'Not done: one hand-off at a time. The conversation goes on with the one that was called first.',
      );
}

async function toolPolicy({ tool: { spec } }: RegisteredTool, call: ToolCall): Promise<CallPolicy> {
  const { approval, problem } = await approvalOf(spec.approval, () =>
    checkArguments(spec, readArguments(call.arguments)),
  );
  if (problem !== undefined) return impossible(problem);
  const { onUnknown = 'model' } = spec;
  const rule = onUnknown === 'model' ? undefined : ruleOf(onUnknown === 'person' || onUnknown);
  const isLocal = spec.placement === 'local';
  const timeout = isLocal ? DEFAULT_LOCAL_TIMEOUT_MS : DEFAULT_TIMEOUT_MS;
  return {
    timeout: spec.timeout === undefined ? timeout : msToNumber(spec.timeout),
    attempts: toolAttempts(spec),
    ...(spec.effect === 'write' ? { write: true as const } : {}),
    ...(spec.taskQueue === undefined ? {} : { taskQueue: spec.taskQueue }),
    ...(isLocal ? { local: true as const } : {}),
    ...(approval ? { approval } : {}),
    ...(spec.compensate ? { compensate: spec.undoAttempts ?? (true as const) } : {}),
    ...(rule ? { onUnknown: rule } : {}),
  };
}

async function agentPolicy(
  { name, spec, input, wrapped }: RegisteredAgentTool,
  call: ToolCall,
): Promise<CallPolicy> {
  const given = agentInput(call.arguments, wrapped);
  const { problem } = await checkArguments({ input }, given);
  if (problem !== undefined) return impossible(problem);
  const asked = await approvalOf(spec.approval, () => Promise.resolve({ args: given as never }));
  if (asked.problem !== undefined) return impossible(asked.problem);
  const { child, budget, timeout } = spec;
  return {
    ...NOTHING,
    ...(asked.approval ? { approval: asked.approval } : {}),
    agent: {
      name,
      ...(wrapped ? { wrapped: true as const } : {}),
      ...(child ? { child: true as const } : {}),
      ...(budget ? { budget } : {}),
      ...(timeout === undefined ? {} : { timeout }),
    },
  };
}

/** Of calls that are no activity. */
const NOTHING = { timeout: 1, attempts: 1 };

/** The policy of a call that is not scheduled; the model is told why. */
function impossible(problem: string): CallPolicy {
  return { ...NOTHING, problem };
}
