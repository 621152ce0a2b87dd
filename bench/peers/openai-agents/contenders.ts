import type { Contender } from '../contender.js';
import { temporalEngine } from '../temporal-engine.js';

export const openaiAgents: Contender = {
  name: 'openai-agents',
  packages: ['@temporalio/openai-agents', '@openai/agents-core'],
  setUp: (stage) =>
    temporalEngine(stage, 'openai-agents', { module: new URL('./worker.ts', import.meta.url) }),
};
