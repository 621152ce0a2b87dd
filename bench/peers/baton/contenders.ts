import type { Contender } from '../contender.js';
import { temporalEngine } from '../temporal-engine.js';

const module = new URL('./worker.ts', import.meta.url);

/** All activities: the default. */
export const baton: Contender = {
  name: 'baton',
  packages: [],
  setUp: (stage) => temporalEngine(stage, 'baton', { module }),
};

/** Turns and tool calls as local activities. */
export const batonLocal: Contender = {
  name: 'baton-local',
  packages: [],
  setUp: (stage) => temporalEngine(stage, 'baton-local', { module, env: { PLACEMENT: 'local' } }),
};

/** The tool is declared to change the world. */
export const batonWrite: Contender = {
  name: 'baton-write',
  packages: [],
  killsOnly: true,
  setUp: (stage) => temporalEngine(stage, 'baton-write', { module, env: { EFFECT: 'write' } }),
};
