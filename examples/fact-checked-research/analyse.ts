import { contain, proxyAgents } from 'batonjs/workflow';
import type * as agents from './agents.js';
import { contradictionsAmong, type Contradiction } from './contradictions.js';
import { missingOf, type Missing } from './missing.js';
import { asGiven, type OpenedFinding } from './open-findings.js';

const { analyst } = proxyAgents<typeof agents>();

/** What the findings come to, for the writer. */
export interface Analysis {
  points: { summary: string; findingIds: string[] }[];
  contradictions: Contradiction[];
  gaps: string[];
}

/** Brings findings together. Where the analyst fails, each finding is a point of its own. */
export async function analyse(
  question: string,
  opened: readonly OpenedFinding[],
  timeoutMs: number,
): Promise<{ analysis: Analysis; missing: Missing[] }> {
  const findings = asGiven(opened);
  const analysed = await contain(() => analyst({ question, findings }), { timeout: timeoutMs });
  if (!analysed.ok) {
    const points = findings.map(({ id, quote }) => ({ summary: quote, findingIds: [id] }));
    return {
      analysis: { points, contradictions: contradictionsAmong(findings, []), gaps: [] },
      missing: [missingOf('an analysis of the findings', analysed.failure)],
    };
  }
  const { points, contradictions, gaps } = analysed.value;
  return {
    analysis: { points, contradictions: contradictionsAmong(findings, contradictions), gaps },
    missing: gaps.map((what) => ({ what, why: 'no finding answers it' })),
  };
}
