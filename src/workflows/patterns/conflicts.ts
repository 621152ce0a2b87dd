import type { Ruling } from '../../agents/built-in/arbiter.js';
import type { Comparison } from '../../agents/built-in/comparer.js';
import type { Labels } from './under-labels.js';

/** What one answer says about a topic. */
export interface Claim {
  /** Name of the agent whose answer it is. */
  by: string;
  claim: string;
}

/** A topic on which answers contradict each other: either decided, or open. */
export interface Conflict {
  topic: string;
  claims: Claim[];
  decision?: {
    /** The claim that holds, and whose it is. */
    claim: string;
    of: string;
    reasons: string;
    /** Who decided: the arbiter, or the person. */
    by: string;
  };
  /** Why it is not decided. */
  open?: string;
}

/** A statement that no answer contradicts, and the agents whose answers hold it. */
export interface Agreed {
  statement: string;
  by: string[];
}

/** What a comparer gives. */
export type Compared = Pick<Comparison, 'conflicts'> & Partial<Comparison>;

/**
 * A comparison with the agents' names. A claim of an answer that does not exist is left out, and a conflict or statement of which
 * too little is left then. Each answer has one claim in a conflict, its first.
 */
export function readComparison(
  { conflicts, agreed = [] }: Compared,
  labels: Labels,
): { conflicts: Conflict[]; agreed: Agreed[] } {
  const named = conflicts.map(({ topic, claims }) => {
    const firsts = new Map<string, string>();
    for (const { by, claim } of claims) {
      const name = labels.nameOf(by);
      if (name !== undefined && !firsts.has(name)) firsts.set(name, claim);
    }
    return { topic, claims: Array.from(firsts, ([by, claim]) => ({ by, claim })) };
  });
  const statements = agreed.map(({ statement, by }) => {
    const names = by.flatMap((label) => labels.nameOf(label) ?? []);
    return { statement, by: [...new Set(names)] };
  });
  return {
    conflicts: named.filter(({ claims }) => new Set(claims.map(({ claim }) => claim)).size > 1),
    agreed: statements.filter(({ by }) => by.length > 0),
  };
}

/** The conflicts as an arbiter's ruling leaves them: what it did not decide, or for a claim that does not exist, is open. */
export function ruled(
  conflicts: readonly Conflict[],
  ruling: Ruling,
  labels: Labels,
  arbiter: string,
): Conflict[] {
  return conflicts.map(({ topic, claims }, place) => {
    const decision = ruling.decisions.find(({ conflict }) => conflict === place + 1);
    if (!decision) return { topic, claims, open: `${arbiter} did not decide it` };
    const { claim: label, reasons } = decision;
    if (label === null) return { topic, claims, open: `${arbiter}: ${reasons}` };
    const found = claims.find(({ by }) => by === labels.nameOf(label));
    if (!found)
      return { topic, claims, open: `${arbiter} decided for a claim that does not exist: ${label}` };
    return { topic, claims, decision: { claim: found.claim, of: found.by, reasons, by: arbiter } };
  });
}
