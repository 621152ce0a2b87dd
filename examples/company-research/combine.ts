import { contain, proxyAgents } from 'batonjs/workflow';
import type * as agents from './agents.js';
import type { Checked } from './evidence.js';
import { figuresNotIn } from './figures.js';
import type { Report, Source, Statement } from './report.js';

const { coordinator } = proxyAgents<typeof agents>();

type Combined = Pick<Report, 'answer' | 'points' | 'conflicts' | 'notes'>;

/** What the coordinator is given. */
export interface Material {
  company: string;
  question: string;
  findings: readonly Checked[];
  missing: Report['missing'];
  timeout: number;
}

/**
 * Has the findings combined. What the coordinator says is kept as far as it names findings that exist, and gives no figure
 * that these do not have. Without a coordinator the findings stand as they are.
 */
export async function combine({
  company,
  question,
  findings,
  missing,
  timeout,
}: Material): Promise<Combined> {
  if (findings.length === 0) return { answer: null, points: [], conflicts: [], notes: [] };
  const numbered = findings.map(({ finding, source }, i) => ({
    id: `${source.desk}-${i + 1}`,
    finding,
    source,
  }));
  const told = numbered.map(({ id, finding, source }) => ({
    id,
    desk: source.desk,
    source: labelOf(source),
    finding,
  }));
  const combined = await contain(
    () =>
      coordinator({
        company,
        question,
        findings: told,
        // Not why: what a failed source says is nothing to report.
        missing: missing.map(({ desk }) => desk),
      }),
    { timeout },
  );
  if (!combined.ok) {
    return {
      answer: null,
      points: findings.map(({ finding, source }) => ({ text: finding, sources: [source] })),
      conflicts: [],
      notes: [`combining the findings failed (${combined.failure.code}): ${combined.failure.message}`],
    };
  }
  const notes: string[] = [];
  const stated = ({ finding, sources }: { finding: string; sources: string[] }): Statement[] => {
    const named = numbered.filter(({ id }) => sources.includes(id));
    const texts = named.flatMap((one) => [one.finding, one.source.quote, labelOf(one.source)]);
    const foreign = figuresNotIn(finding, [...texts, company, question]);
    if (named.length > 0 && foreign.length === 0)
      return [{ text: finding, sources: named.map(({ source }) => source) }];
    const why =
      named.length === 0 ? 'it names no finding' : `the findings that it names have no ${foreign.join(', ')}`;
    notes.push(`left out, since ${why}: ${finding}`);
    return [];
  };
  const { answer, points, conflicts } = combined.value;
  return {
    answer: stated(answer)[0] ?? null,
    points: points.flatMap(stated),
    conflicts: conflicts.flatMap(stated),
    notes,
  };
}

/** How a source is named: `Quillmark Instruments, Q3 2026, page 4`. */
function labelOf({ title, date, page }: Source): string {
  return [title, date, page === null ? null : `page ${page}`].filter((part) => part !== null).join(', ');
}
