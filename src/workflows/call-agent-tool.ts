import { MAX_DEPTH } from '../agents/agent-limits.js';
import { cutResult, MAX_RESULT_BYTES } from '../agents/cut-result.js';
import type { Json } from '../agents/json.js';
import type { ToolCall, ToolMessage } from '../agents/message.js';
import { AGENT_ORCHESTRATION } from '../agents/names.js';
import { agentInput } from '../agents/tool-arguments.js';
import type { CallPolicy } from '../agents/turn.js';
import type { Amount } from '../agents/usage.js';
import type { AgentCall } from './agent-call.js';
import { startChild } from './child.js';
import { contain } from './contain.js';
import type { RunInnerAgent } from './inner-agent.js';
import { openSpan } from './span.js';

/** Results of one message's agents together: unlike those of activities they go into the next turn's input, one payload. */
const RESULTS_BYTES = 700_000;

/** A call that another agent answers. */
interface AgentToolCall {
  call: ToolCall;
  /** Index of the call in its message. */
  index: number;
  policy: NonNullable<CallPolicy['agent']>;
  /** Span of the inner agent. */
  span: string;
  /** What a child may spend where its definition says nothing: its part of what is left. Absent: no limit. */
  share: Amount | undefined;
  /** Bytes of the result that the model is shown. */
  maxBytes: number;
}

/**
 * The calls of a message that agents answer, by index. Their spans are numbered in the order of the calls, whichever comes to run
 * first: so the trace tells which belongs to which.
 */
export function openAgentCalls(
  { span, ledger }: AgentCall,
  calls: readonly ToolCall[],
  policies: readonly CallPolicy[],
): (AgentToolCall | undefined)[] {
  const agents = policies.filter(({ agent }) => agent).length;
  const children = policies.filter(({ agent }) => agent?.child).length;
  const { usd, tokens } = ledger.left;
  const share = {
    ...(usd === undefined ? {} : { usd: usd / (children + 1) }),
    ...(tokens === undefined ? {} : { tokens: Math.floor(tokens / (children + 1)) }),
  };
  return calls.map((call, index) => {
    const policy = policies[index]?.agent;
    if (!policy) return undefined;
    return {
      call,
      index,
      policy,
      span: openSpan(policy.name, span),
      share: ledger.limited ? share : undefined,
      maxBytes: Math.min(MAX_RESULT_BYTES, Math.floor(RESULTS_BYTES / agents)),
    };
  });
}

/**
 * Has another agent answer a call, in this run or in a child. Its output is the result; what it fails with is an answer for
 * the model. Only the run's cancellation goes through.
 */
export async function callAgentTool(
  caller: AgentCall,
  { call, index, policy, span, share, maxBytes }: AgentToolCall,
  runInner: RunInnerAgent,
): Promise<ToolMessage> {
  const { name, wrapped = false, child, budget, timeout } = policy;
  const message = { role: 'tool', call: index, tool: call.tool } as const;
  const depth = caller.depth + 1;
  if (depth > MAX_DEPTH) {
    const content = `LimitReached: agents may call each other ${MAX_DEPTH} deep, and ${caller.name} is the last of them`;
    return { ...message, content, isError: true };
  }
  const input = agentInput(call.arguments, wrapped);
  const { ledger, placement } = caller;
  const inThisRun = async () =>
    (await runInner(name, input, budget ? { budget } : {}, { within: caller, ledger, span, depth })).output;
  const inChild = () => {
    const limit = budget ?? share;
    const { priority } = placement;
    const options = { ...(limit ? { budget: limit } : {}), ...(priority === undefined ? {} : { priority }) };
    // What the orchestration gives is the agent's output.
    return startChild(AGENT_ORCHESTRATION, name, { agent: name, input, placement }, options, {
      span,
      ledger,
      depth,
    }) as Promise<Json>;
  };
  const outcome = await contain(child ? inChild : inThisRun, { timeout });
  if (outcome.ok) return { ...message, ...cutResult(outcome.value, maxBytes) };
  const { code, message: reason } = outcome.failure;
  return { ...message, ...cutResult(`${code}: ${reason}`, maxBytes), isError: true };
}
