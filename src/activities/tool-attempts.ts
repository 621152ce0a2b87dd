import type { Tool } from '../agents/define-tool.js';

const DEFAULT_ATTEMPTS = 3;

/** Attempts that a call of the tool has at most: one where a second could repeat an effect. */
export function toolAttempts({ effect, idempotent, attempts = DEFAULT_ATTEMPTS }: Tool['spec']): number {
  return isRepeatable({ effect, idempotent }) ? attempts : 1;
}

export function isRepeatable({ effect, idempotent }: { effect: string; idempotent?: boolean | undefined }) {
  return effect === 'read' || idempotent === true;
}
