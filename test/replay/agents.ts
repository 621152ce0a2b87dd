import { z } from 'zod';
import { defineAgent, defineTool } from '../../src/agents/index.js';

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
