import { ApplicationFailure } from '@temporalio/common';
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

export const glance = defineTool({
  description: 'Looks a word up quickly',
  input: z.object({ word: z.string() }),
  effect: 'read',
  placement: 'local',
  run({ word }) {
    if (word === 'later') throw ApplicationFailure.retryable('busy');
    return { meaning: `the meaning of ${word}` };
  },
});

export const scout = defineAgent({
  description: 'Looks at much',
  instructions: 'You are the scout.',
  model: ['small', 'large'],
  tools: { glance, lookup },
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

export const archivist = defineAgent({
  description: 'Looks much up',
  instructions: 'You are the archivist.',
  model: 'small',
  tools: { lookup },
  context: { tokens: 800, keep: 1, dropResults: false },
});

export const book = defineTool({
  description: 'Books',
  input: z.object({ what: z.string() }),
  effect: 'write',
  idempotent: true,
  run: ({ what }) => `booked ${what}`,
  compensate: () => undefined,
});

export const booker = defineAgent({
  description: 'Books',
  instructions: 'You are the booker.',
  model: 'small',
  tools: { book },
});

export const desk = defineAgent({
  description: 'Answers',
  instructions: 'You are the desk.',
  model: 'small',
  tools: { helper, clerk: agentTool(clerk, { child: true, timeout: '1 minute' }) },
  handoffs: { specialist: handoff(specialist, { transcript: 'summary' }) },
});
