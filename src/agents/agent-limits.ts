/** Bounds of an agent call where its definition names none. This file imports nothing, so that workflow code may take its values. */
export const AGENT_LIMITS = {
  turns: 20,
  toolConcurrency: 8,
  handoffs: 8,
} as const;

/** Agents that call each other as tools, one below the other, at most. */
export const MAX_DEPTH = 8;
