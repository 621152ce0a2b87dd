import type { Contender } from '../contender.js';
import { postgresEngine } from '../postgres-engine.js';

const module = new URL('./worker.ts', import.meta.url);
const packages = ['@langchain/langgraph', '@langchain/langgraph-checkpoint-postgres', '@langchain/openai'];

/** Each checkpoint holds the whole conversation. */
export const langgraph: Contender = {
  name: 'langgraph',
  packages,
  resumes: true,
  setUp: (stage) => postgresEngine(stage, 'langgraph', { module }),
};

/** A checkpoint holds what is new, and every hundredth the whole: `MessagesDeltaValue`, which is experimental. */
export const langgraphDelta: Contender = {
  name: 'langgraph-delta',
  packages,
  resumes: true,
  setUp: (stage) => postgresEngine(stage, 'langgraph-delta', { module, env: { CHECKPOINTS: 'delta' } }),
};
