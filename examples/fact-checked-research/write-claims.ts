import { mapAll, until } from 'batonjs/workflow';
import type { Analysis } from './analyse.js';
import { checkClaim, type Grounds } from './check-claim.js';
import {
  draftClaims,
  isSupported,
  reviseClaims,
  type CheckedClaim,
  type CheckedDraft,
} from './draft-claims.js';
import { missingOf, type Missing } from './missing.js';
import type { OpenedFinding } from './open-findings.js';

/** How often claims are written at most: once, and two revisions. */
const ROUNDS = 3;
/** Claims that are checked at once. */
const CHECKS = 8;

export interface WrittenClaims {
  /** The claims of the last round, the supported ones and the others. */
  claims: CheckedClaim[];
  withdrawn: CheckedClaim[];
  missing: Missing[];
  rounds: number;
}

/**
 * Has the answer written as claims, and each of them checked, at once. Those that do not hold go back to the writer with the
 * reasons, and are checked again.
 */
export async function writeClaims(
  question: string,
  analysis: Analysis,
  findings: OpenedFinding[],
  timeoutMs: number,
): Promise<WrittenClaims> {
  const grounds: Grounds = { findings, contradictions: analysis.contradictions };
  const { value, rounds, failure } = await until<CheckedDraft>(
    async (previous) => {
      const draft = previous
        ? await reviseClaims(previous.value, timeoutMs)
        : await draftClaims(question, analysis, findings, timeoutMs);
      const claims = await mapAll(
        draft.claims,
        async (claim) => ({
          ...claim,
          reasons: claim.reasons ?? (await checkClaim(claim, grounds, timeoutMs)),
        }),
        { concurrency: CHECKS },
      );
      return { ...draft, claims };
    },
    {
      accept: ({ claims, transcript }) => ({
        // Without a writer there is nobody to revise them.
        accepted: transcript === undefined || claims.every(isSupported),
        score: claims.filter(isSupported).length,
      }),
      max: ROUNDS,
    },
  );
  const { claims, withdrawn, missing } = value;
  const unrevised = failure ? [missingOf('a revision of the claims that were rejected', failure)] : [];
  return { claims, withdrawn, missing: [...missing, ...unrevised], rounds: rounds.length };
}
