import { contain, parallel, proxyAgents, type TranscriptHandle } from 'batonjs/workflow';
import type * as agents from './agents.js';
import type { Analysis } from './analyse.js';
import type { Claim } from './check-claim.js';
import { missingOf, type Missing } from './missing.js';
import { asGiven, type OpenedFinding } from './open-findings.js';

const { writer } = proxyAgents<typeof agents>();

const MAX_CLAIMS = 20;

/** A claim, and what speaks against it: nothing where it is supported. */
export type CheckedClaim = Claim & { id: string; reasons: string[] };

export function isSupported({ reasons }: CheckedClaim): boolean {
  return reasons.length === 0;
}

export interface Draft {
  /** Those without `reasons` were not checked yet. */
  claims: (Claim & { id: string; reasons?: string[] })[];
  /** Rejected claims that the writer did not write again. */
  withdrawn: CheckedClaim[];
  missing: Missing[];
  /** The conversation with the writer; none where the writer failed. */
  transcript?: TranscriptHandle;
}

export type CheckedDraft = Omit<Draft, 'claims'> & { claims: CheckedClaim[] };

/** Has the answer written. Where the writer fails, the points of the analysis are the claims. */
export async function draftClaims(
  question: string,
  analysis: Analysis,
  findings: readonly OpenedFinding[],
  timeoutMs: number,
): Promise<Draft> {
  const written = await contain(() => writer.run({ question, ...analysis, findings: asGiven(findings) }), {
    timeout: timeoutMs,
  });
  const texts = written.ok
    ? written.value.output.claims
    : analysis.points.map(({ summary, findingIds }) => ({ text: summary, findingIds }));
  const claims = eachOnce(texts)
    .slice(0, MAX_CLAIMS)
    .map((claim, place) => ({ id: `C${place + 1}`, ...claim }));
  return {
    claims,
    withdrawn: [],
    ...(written.ok
      ? { missing: [], transcript: written.value.transcript }
      : { missing: [missingOf('a written text', written.failure)] }),
  };
}

/**
 * Has the rejected claims written again. What comes back takes their places; the others are left alone, whatever the writer
 * says.
 * @throws the writer's failure
 */
export async function reviseClaims(draft: CheckedDraft, timeoutMs: number): Promise<Draft> {
  const { claims, withdrawn, transcript } = draft;
  const rejectedClaims = claims
    .filter((claim) => !isSupported(claim))
    .map(({ id, text, findingIds, reasons }) => ({ id, text, findingIds, reasons }));
  const run = () => writer.run({ rejectedClaims }, transcript ? { transcript } : {});
  const { revised } = await parallel({ revised: { run, timeout: timeoutMs } });
  const rewritten = new Map(revised.output.claims.map(({ id, ...claim }) => [id, claim]));
  const isWithdrawn = (claim: CheckedClaim) => !isSupported(claim) && !rewritten.has(claim.id);
  return {
    ...draft,
    claims: claims
      .filter((claim) => !isWithdrawn(claim))
      .map((claim) => {
        const again = isSupported(claim) ? undefined : rewritten.get(claim.id);
        return again ? { id: claim.id, ...again } : claim;
      }),
    withdrawn: [...withdrawn, ...claims.filter(isWithdrawn)],
    transcript: revised.transcript,
  };
}

/** What is said twice is one claim, which cites the findings of both. */
function eachOnce(claims: readonly Claim[]): Claim[] {
  const cited = new Map<string, string[]>();
  for (const { text, findingIds } of claims) cited.set(text, [...(cited.get(text) ?? []), ...findingIds]);
  return [...cited].map(([text, findingIds]) => ({ text, findingIds: [...new Set(findingIds)] }));
}
