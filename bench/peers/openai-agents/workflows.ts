import { Agent } from '@openai/agents-core';
import { activityAsTool, TemporalOpenAIRunner } from '@temporalio/openai-agents/workflow';
import { INSTRUCTIONS, PAGE_PARAMETERS } from '../job.js';
import type { page } from '../page.js';

// Time-outs and attempts as in the README of @temporalio/openai-agents. A tool has no heartbeat: that a worker is gone is
// noticed when they are over.
const readPage = activityAsTool<typeof page>(
  { name: 'page', description: 'Reads a page', parameters: PAGE_PARAMETERS },
  { startToCloseTimeout: '10s', retryPolicy: { maximumAttempts: 3 } },
);

export async function reader(prompt: string): Promise<string> {
  const agent = new Agent({
    name: 'Reader',
    instructions: INSTRUCTIONS,
    model: 'bench',
    tools: [readPage],
  });
  // 10 turns by default.
  const result = await new TemporalOpenAIRunner().run(agent, prompt, { maxTurns: 1_000_000 });
  return String(result.finalOutput ?? '');
}
