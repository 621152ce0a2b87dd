import { proxyActivities } from '@temporalio/workflow';
import { contain } from 'batonjs/workflow';
import type * as activities from './activities.js';
import type { Finding } from './collect-findings.js';
import type { Report } from './report.js';

const { openQuotations } = proxyActivities<typeof activities>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 5 },
});

/** A finding that its article bears out. */
export interface OpenedFinding extends Finding {
  title: string;
  /** The quote with what stands around it. */
  passage: string;
}

/**
 * Looks every finding up in its article, by code: it goes on only where the article is there, is not out of date and says it
 * word for word. Where they cannot be looked up, none goes on.
 */
export async function openFindings(
  findings: readonly Finding[],
): Promise<{ opened: OpenedFinding[]; dropped: Report['dropped'] }> {
  if (findings.length === 0) return { opened: [], dropped: [] };
  const outcome = await contain(() =>
    openQuotations(findings.map(({ source, quote }) => ({ source, quote }))),
  );
  const opened: OpenedFinding[] = [];
  const dropped: Report['dropped'] = [];
  findings.forEach((finding, place) => {
    const found = outcome.ok ? outcome.value[place] : undefined;
    if (found?.ok) opened.push({ ...finding, title: found.title, passage: found.passage });
    else {
      const problem = outcome.ok ? found?.problem : `It could not be looked up: ${outcome.failure.message}`;
      dropped.push({ kind: 'finding', text: finding.quote, reasons: [problem ?? 'It was not looked up.'] });
    }
  });
  return { opened, dropped };
}

/** Findings as agents are given them: what stands around a quote is for the check alone. */
export function asGiven(findings: readonly OpenedFinding[]): Finding[] {
  return findings.map(({ id, source, quote }) => ({ id, source, quote }));
}
