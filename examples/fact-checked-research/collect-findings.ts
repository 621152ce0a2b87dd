import { mapAll, proxyAgents } from 'batonjs/workflow';
import type { Quotation } from './activities.js';
import type * as agents from './agents.js';
import { missingOf, type Missing } from './missing.js';

const { researcher } = proxyAgents<typeof agents>();

/** So many findings of one researcher are used. */
const MAX_FINDINGS = 6;

/** A quotation that claims can cite by its id. */
export type Finding = Quotation & { id: string };

/** A researcher for each sub-question, at once. One that fails, or finds nothing, is named, and the others go on. */
export async function collectFindings(
  subQuestions: readonly string[],
  timeoutMs: number,
): Promise<{ findings: Finding[]; missing: Missing[] }> {
  const { results, missing } = await mapAll(subQuestions, (question) => researcher({ question }), {
    need: 'bestEffort',
    timeout: timeoutMs,
  });
  const found = results.flatMap((result) => result?.findings.slice(0, MAX_FINDINGS) ?? []);
  const distinct = new Map(found.map((one) => [JSON.stringify([one.source, one.quote]), one]));
  return {
    findings: [...distinct.values()].map((one, place) => ({ id: `F${place + 1}`, ...one })),
    missing: [
      ...missing.map(({ name, ...failure }) => missingOf(subQuestions[Number(name)] ?? name, failure)),
      ...subQuestions
        .filter((_, place) => results[place]?.findings.length === 0)
        .map((what) => ({ what, why: 'no article answers it' })),
    ],
  };
}
