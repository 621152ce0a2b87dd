import { defineAgent, defineTool } from 'batonjs/agents';
import { z } from 'zod';
import { text } from '../benchmark.js';

export const page = defineTool({
  description: 'Reads a page',
  input: z.object({ turn: z.number(), bytes: z.number() }),
  effect: 'read',
  run: ({ turn, bytes }) => text(bytes, turn + 1000),
});

export const reader = defineAgent({
  description: 'Reads pages',
  instructions: 'Read the pages, one at a time.',
  model: 'bench',
  tools: { page },
  limits: { turns: 100_000 },
});
