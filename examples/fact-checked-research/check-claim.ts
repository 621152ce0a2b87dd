import { contain, proxyAgents } from 'batonjs/workflow';
import type * as agents from './agents.js';
import type { Contradiction } from './contradictions.js';
import type { OpenedFinding } from './open-findings.js';
import { figuresMissing } from './quotes.js';

const { checker } = proxyAgents<typeof agents>();

/** What the writer says, and on which findings it rests. */
export interface Claim {
  text: string;
  findingIds: string[];
}

/** What claims are checked against. */
export interface Grounds {
  findings: OpenedFinding[];
  contradictions: Contradiction[];
}

/**
 * What speaks against a claim; nothing where it is supported. It is checked by code first, and then by an agent, which is
 * shown the claim and the passages that it cites, and nothing else. A claim that could not be checked is not supported.
 */
export async function checkClaim(claim: Claim, grounds: Grounds, timeoutMs: number): Promise<string[]> {
  const problems = problemsWith(claim, grounds);
  if (problems.length > 0) return problems;
  const passages = citedBy(claim, grounds.findings).map(({ source, title, passage }) => ({
    source,
    title,
    passage,
  }));
  const checked = await contain(() => checker({ claim: claim.text, passages }), { timeout: timeoutMs });
  if (!checked.ok) return [`It could not be checked (${checked.failure.code}): ${checked.failure.message}`];
  const { supported, reasons } = checked.value;
  if (supported) return [];
  return reasons.length > 0 ? reasons : ['The passages that it cites do not say it.'];
}

/** The findings that a claim cites, in their order. */
export function citedBy({ findingIds }: Claim, findings: readonly OpenedFinding[]): OpenedFinding[] {
  return findings.filter(({ id }) => findingIds.includes(id));
}

/** What is wrong with a claim whatever a model says: what it cites, its figures, and what it keeps quiet about. */
export function problemsWith(claim: Claim, { findings, contradictions }: Grounds): string[] {
  const { text, findingIds } = claim;
  if (text.trim() === '') return ['It says nothing.'];
  if (findingIds.length === 0) return ['It cites no finding.'];
  const cited = citedBy(claim, findings);
  const unknown = findingIds.filter((id) => !cited.some((finding) => finding.id === id));
  if (unknown.length > 0) return unknown.map((id) => `There is no finding "${id}".`);
  const shown = cited.map(({ title, passage }) => `${title}\n${passage}`).join('\n');
  const hidden = contradictions
    .filter((set) => set.findingIds.some((id) => findingIds.includes(id)))
    .flatMap((set) => set.findingIds.filter((id) => !findingIds.includes(id)));
  return [
    ...figuresMissing(text, shown).map((figure) => `No passage that it cites has the figure ${figure}.`),
    ...findings
      .filter(({ id }) => hidden.includes(id))
      .map(
        ({ id, source, quote }) =>
          `${id} contradicts what it cites, so that it has to cite both and say so: "${quote}" (${source})`,
      ),
  ];
}
