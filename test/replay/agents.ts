import { z } from 'zod';
import { agentTool, defineAgent, defineTool, handoff } from '../../src/agents/index.js';

export const lookup = defineTool({
  description: 'Looks a word up',
  input: z.object({ word: z.string() }),
  effect: 'read',
  run: ({ word }) => ({ meaning: `the meaning of ${word}` }),
});

export const pay = defineTool({
  description: 'Pays',
  input: z.object({ usd: z.number() }),
  effect: 'write',
  approval: ({ usd }) => usd > 10,
  run: ({ usd }) => `paid ${usd}`,
});

export const clerk = defineAgent({
  description: 'Decides',
  instructions: 'You are the clerk.',
  model: ['small', 'large'],
  output: z.object({ usd: z.number() }),
  tools: { lookup, pay },
});

export const helper = defineAgent({
  description: 'Helps',
  instructions: 'You are the helper.',
  model: 'small',
  tools: { lookup },
});

export const specialist = defineAgent({
  description: 'Knows more',
  instructions: 'You are the specialist.',
  model: 'small',
});

export const desk = defineAgent({
  description: 'Answers',
  instructions: 'You are the desk.',
  model: 'small',
  tools: { helper, clerk: agentTool(clerk, { child: true, timeout: '1 minute' }) },
  handoffs: { specialist: handoff(specialist, { transcript: 'summary' }) },
});
