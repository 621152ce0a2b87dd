import { z } from 'zod';
import { defineAgent, defineTool } from '../../../dist/agents/index.js';
import { INSTRUCTIONS } from '../job.js';
import { page as readPage } from '../page.js';

const { EFFECT, PLACEMENT } = process.env;

export const page = defineTool({
  description: 'Reads a page',
  input: z.object({ turn: z.number(), bytes: z.number(), run: z.string() }),
  effect: EFFECT === 'write' ? 'write' : 'read',
  ...(PLACEMENT === 'local' ? { placement: 'local' as const } : {}),
  run: readPage,
});

export const reader = defineAgent({
  description: 'Reads pages',
  instructions: INSTRUCTIONS,
  model: 'bench',
  tools: { page },
  limits: { turns: 1_000_000 },
});
