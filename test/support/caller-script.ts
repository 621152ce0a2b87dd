import type { ChatRequest, ScriptEntry } from '../../src/testing/index.js';

export interface PlannedCall {
  tool: string;
  args: object;
}

/** What the caller is to do: the calls of each of its turns. Its text names the case. */
export interface Errand {
  name: string;
  turns: PlannedCall[][];
}

/** The caller's input. */
export const errand = (name: string, ...turns: PlannedCall[][]): string => JSON.stringify({ name, turns });

/**
 * A model that makes the calls that its input says, turn by turn, and then says what came of them, as JSON. It answers by what it is
 * shown, so it may be asked again.
 * @param instead errands, by name, that are done in place of what the input says
 */
export function callerScript(instead: Map<string, PlannedCall[][]> = new Map()): ScriptEntry {
  return {
    when: 'You are the caller.',
    times: Infinity,
    reply: (request) => {
      const input = request.messages.find(({ content }) => String(content).startsWith('{"name"'));
      const { name, turns } = JSON.parse(String(input?.content)) as Errand;
      const turn = request.messages.filter(({ role }) => role === 'assistant').length;
      const calls = (instead.get(name) ?? turns)[turn];
      return calls ? { calls } : JSON.stringify(toldBy(request));
    },
  };
}

/** The results that a request shows. */
export function toldBy({ messages }: ChatRequest): string[] {
  return messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content));
}
