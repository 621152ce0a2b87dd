import { z } from 'zod';
import { agentTool, defineAgent, defineSubscription, handoff } from '../../src/agents/index.js';
import { ArbiterInput, Ruling } from '../../src/agents/built-in/arbiter.js';
import { helper, specialist } from './agents.js';

export const reader = defineAgent({
  description: 'Reads',
  capabilities: ['french'],
  instructions: 'You are the reader.',
  model: 'small',
});

export const scribe = defineAgent({
  description: 'Writes things down',
  capabilities: ['french'],
  instructions: 'You are the scribe.',
  model: 'large',
});

export const writer = defineAgent({
  description: 'Writes',
  instructions: 'You are the writer.',
  model: 'small',
});

export const sorter = defineAgent({
  description: 'Sorts',
  instructions: 'You are the sorter.',
  model: 'small',
  output: z.object({ label: z.enum(['story', 'report']), confidence: z.number() }),
});

export const critic = defineAgent({
  description: 'Judges drafts',
  instructions: 'You are the critic.',
  model: 'small',
  input: z.object({ task: z.string(), draft: z.string() }),
  output: z.object({ accepted: z.boolean(), feedback: z.string() }),
});

export const voter = defineAgent({
  description: 'Votes',
  instructions: 'You are the voter.',
  model: 'small',
  output: z.object({ choice: z.string(), reason: z.string() }),
});

export const referee = defineAgent({
  description: 'Decides',
  instructions: 'You are the referee.',
  model: 'small',
  input: ArbiterInput,
  output: Ruling,
});

export const triage = defineAgent({
  description: 'Answers first',
  instructions: 'You are triage.',
  model: 'small',
  tools: { helper: agentTool(helper, { child: true }) },
  handoffs: () => ({ billing, specialist: handoff(specialist, { transcript: 'summary' }) }),
});

export const billing = defineAgent({
  description: 'Settles bills',
  instructions: 'You are billing.',
  model: 'small',
  handoffs: () => ({ triage }),
});

export const packing = defineSubscription({
  event: 'order.paid',
  orchestration: 'pack',
  schema: z.object({ order: z.string() }),
  mode: 'signal',
  key: ({ order }) => order,
});
