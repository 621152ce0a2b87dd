import type { Json } from './json.js';

/** What became of an output that people gave for an agent: as the agent's schema gives it, or what is wrong with it. */
export type CheckedOutput = { output: Json } | { problem: string };
