import type { ChatRequest, Reply, ScriptedModel } from '../../src/testing/index.js';

/**
 * Has the model walk: an input `walk NAME to N` is answered by calls of `step` from the step that was done last to N, and then by a
 * text; `NAME jumps at K` has step K be a `jump`. Each request is checked: the input stands in it, and it ends with the step that was
 * called for last.
 */
export function walkScript(model: ScriptedModel, wrong: string[]): ScriptedModel {
  model.script({
    times: Infinity,
    reply: (request) => {
      // What is asked is not kept: a long walk would fill the memory.
      model.requests.length = 0;
      model.arrivals.length = 0;
      const { reply, problem } = next(request);
      if (problem !== undefined) wrong.push(`${problem}: ${JSON.stringify(request.messages).slice(-600)}`);
      return reply;
    },
  });
  return model;
}

const INPUT = /walk (\S+) from (\d+) to (\d+)(?: jumping at (\d+))?/;

function next({ messages, tools = [] }: ChatRequest): { reply: Reply; problem?: string } {
  const input = messages.findLast(({ role, content }) => role === 'user' && INPUT.test(String(content)));
  const [, name = '', from = '0', to = '0', jump] = INPUT.exec(String(input?.content)) ?? [];
  if (!input) return { reply: 'lost', problem: 'no input' };
  if (JSON.stringify(tools).includes('transfer_to_walker'))
    return { reply: { calls: [{ tool: 'transfer_to_walker', args: { message: 'go' } }] } };
  const all = messages.flatMap(({ tool_calls: list = [] }) => list) as Call[];
  const calls = all.filter(({ function: { name: tool } }) => tool === 'step' || tool === 'jump');
  const ids = new Set(calls.map(({ id }) => id));
  const results = messages.filter(({ tool_call_id: id }) => id !== undefined && ids.has(id));
  const last = messages.at(-1);
  const call = calls.at(-1);
  const problem = problemIn({ messages, calls, results });
  const isBegun = last !== undefined && results.includes(last);
  const done = isBegun ? Number(/step (\d+) done/.exec(String(last.content))?.[1]) : Number(from);
  const wanted = call && (JSON.parse(call.function.arguments) as { step: number }).step;
  const isOff = isBegun && (done !== wanted || Number.isNaN(done));
  if (problem ?? isOff)
    return { reply: 'lost', problem: problem ?? `step ${done} after a call of ${wanted}` };
  if (done >= Number(to)) return { reply: `${name} arrived at ${to}` };
  const step = done + 1;
  return { reply: { calls: [{ tool: String(step) === jump ? 'jump' : 'step', args: { step } }] } };
}

interface Call {
  id: string;
  function: { name: string; arguments: string };
}

interface Conversation {
  messages: ChatRequest['messages'];
  calls: { id: string }[];
  results: ChatRequest['messages'];
}

/** Every call has its result behind it, and what was done follows on each other up to the end. */
function problemIn({ messages, calls, results }: Conversation): string | undefined {
  const ids = calls.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) return 'ids of calls repeat';
  const answered = results.map(({ tool_call_id: id }) => id);
  if (ids.join() !== answered.join()) return 'calls and results do not match';
  const steps = results.map(({ content }) => Number(/step (\d+) done/.exec(String(content))?.[1]));
  const gap = steps.findIndex((step, i) => i > 0 && step !== (steps[i - 1] ?? 0) + 1);
  if (gap > 0) return `step ${steps[gap]} follows ${steps[gap - 1]}`;
  return messages.length === 0 ? 'no messages' : undefined;
}
