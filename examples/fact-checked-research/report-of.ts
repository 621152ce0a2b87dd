import { citedBy, type Grounds } from './check-claim.js';
import { isSupported, type CheckedClaim } from './draft-claims.js';
import type { OpenedFinding } from './open-findings.js';
import type { Evidence, Report } from './report.js';

export interface Results extends Grounds {
  question: string;
  /** In the order of the text. */
  claims: CheckedClaim[];
  /** What was dropped before and beside them. */
  dropped: Report['dropped'];
  missing: Report['missing'];
  rounds: number;
}

/** Puts the text together from the supported claims, each followed by the numbers of its sources in order of appearance. */
export function reportOf({
  question,
  claims,
  findings,
  contradictions,
  dropped,
  missing,
  rounds,
}: Results): Report {
  const supported = claims
    .filter(isSupported)
    .map((claim) => ({ text: claim.text.trim(), evidence: citedBy(claim, findings).map(evidenceOf) }));
  const titles = new Map(
    supported.flatMap(({ evidence }) => evidence.map(({ source, title }) => [source, title] as const)),
  );
  const numbers = new Map([...titles.keys()].map((source, place) => [source, `[${place + 1}]`]));
  const marks = (evidence: Evidence[]) =>
    [...new Set(evidence.map(({ source }) => numbers.get(source)))].join('');
  return {
    question,
    text: supported.map(({ text, evidence }) => `${text} ${marks(evidence)}`).join(' '),
    sources: [...titles].map(([source, title]) => ({ source, title })),
    claims: supported,
    contradictions: contradictions.map((set) =>
      findings.filter(({ id }) => set.findingIds.includes(id)).map(evidenceOf),
    ),
    dropped: [...dropped, ...claims.filter((claim) => !isSupported(claim)).map(droppedClaim)],
    missing,
    rounds,
  };
}

/** How the report names a claim that is not in the text. */
export function droppedClaim({ text, reasons }: CheckedClaim): Report['dropped'][number] {
  return { kind: 'claim', text, reasons };
}

function evidenceOf({ source, title, quote }: OpenedFinding): Evidence {
  return { source, title, quote };
}
