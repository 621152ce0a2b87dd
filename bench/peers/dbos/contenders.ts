import type { Contender } from '../contender.js';
import { postgresEngine } from '../postgres-engine.js';

export const dbos: Contender = {
  name: 'dbos',
  packages: ['@dbos-inc/dbos-sdk'],
  setUp: (stage) => postgresEngine(stage, 'dbos', { module: new URL('./worker.ts', import.meta.url) }),
};
