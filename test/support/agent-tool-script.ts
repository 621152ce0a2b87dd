import { setTimeout as delay } from 'node:timers/promises';
import type { ChatRequest, Reply } from '../../src/testing/index.js';
import type { Stage } from './stage.js';

/** Instructions of the agents in `fixtures/agent-tool-agents.ts`, by which a request tells whose it is. */
export const clerk = 'You are the clerk.';
export const researcher = 'You are the researcher.';
export const analyst = 'You are the analyst.';

type Calls = { calls: { tool: string; args?: unknown }[] };

/** Calls of the researcher, one for each input. */
export const asks = (...inputs: string[]): Calls => ({
  calls: inputs.map((input) => ({ tool: 'researcher', args: { input } })),
});

/** Calls of the analyst, one for each topic. */
export const counts = (...topics: string[]): Calls => ({
  calls: topics.map((topic) => ({ tool: 'analyst', args: { topic } })),
});

/** The calls in one message. */
export const together = (...replies: Calls[]): Calls => ({ calls: replies.flatMap(({ calls }) => calls) });

/** What the agents of a stage are answered, and were asked: requests of an agent that hold a text. */
export function agentScript(stage: () => Stage) {
  const fits =
    (who: string, text: string) =>
    ({ messages }: ChatRequest) =>
      messages[0]?.content === who && JSON.stringify(messages).includes(text);
  return {
    script: (who: string, text: string, ...replies: Reply[]) => {
      stage().model.script(...replies.map((reply) => ({ when: fits(who, text), reply })));
    },
    requestsOf: (who: string, text: string) => stage().model.requests.filter(fits(who, text)),
  };
}

export async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await met())) await delay(50);
}
