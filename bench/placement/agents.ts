import { defineAgent, defineTool } from 'batonjs/agents';
import { z } from 'zod';
import { text } from '../benchmark.js';

const spec = {
  description: 'Reads a page',
  input: z.object({ turn: z.number(), bytes: z.number() }),
  effect: 'read' as const,
  run: ({ turn, bytes }: { turn: number; bytes: number }) => text(bytes, turn + 1000),
};

export const page = defineTool(spec);
export const localPage = defineTool({ ...spec, placement: 'local' });

const reader = {
  description: 'Reads pages',
  instructions: 'Read the pages, one at a time.',
  model: 'bench',
  limits: { turns: 100_000 },
};

export const pageReader = defineAgent({ ...reader, tools: { page } });
export const localPageReader = defineAgent({ ...reader, tools: { localPage } });
