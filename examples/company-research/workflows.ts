import { ApplicationFailure } from '@temporalio/workflow';
import { messagesOf, parallel, proxyAgents, type AgentResult } from 'batonjs/workflow';
import type * as agents from './agents.js';
import { combine } from './combine.js';
import { check, evidenceIn, type Checked, type Finding } from './evidence.js';
import type { Desk, Report } from './report.js';
import type { ResearchRequest } from './research-request.js';

const { financials, news, opinion } = proxyAgents<typeof agents>();

/** How long each desk, and then the coordinator, may take where the request does not say. */
const PATIENCE_SECONDS = 240;

/**
 * Answers a question on a company from its filings, the press and what people post, looked up at the same time. A desk that
 * fails, finds nothing or takes too long is left out, and the report says so. Every statement of the report names passages that
 * tools have given in this run.
 */
export async function companyResearch(request: ResearchRequest): Promise<Report> {
  const { company, question, patienceSeconds = PATIENCE_SECONDS } = checked(request);
  const timeout = patienceSeconds * 1000;
  const asked = { company, question };
  const { results, missing } = await parallel(
    {
      financials: { run: () => found('financials', asked, financials.run(asked)), timeout },
      news: { run: () => found('news', asked, news.run(asked)), timeout },
      opinion: { run: () => found('opinion', asked, opinion.run(asked)), timeout },
    },
    { need: 'bestEffort' },
  );
  const desks = Object.values(results).filter((desk) => desk !== undefined);
  const absent = missing.map(({ name, code, message }) => ({ desk: name, code, why: message }));
  const { notes, ...combined } = await combine({
    ...asked,
    findings: inTurns(desks.map(({ findings }) => findings)),
    missing: absent,
    timeout,
  });
  return {
    ...asked,
    ...combined,
    missing: absent,
    notes: [...desks.flatMap((desk) => desk.notes), ...notes],
  };
}

/** What a desk has found that stands in its sources. @throws a failure where that is nothing */
async function found(
  desk: Desk,
  { company, question }: { company: string; question: string },
  call: Promise<AgentResult<{ findings: Finding[] }>>,
): Promise<{ findings: Checked[]; notes: string[] }> {
  const { output, transcript } = await call;
  const evidence = evidenceIn(messagesOf(transcript));
  const { passages, problems } = evidence;
  if (passages.length === 0 && problems.length > 0) throw failure('SourceFailed', problems.join('; '));
  if (passages.length === 0) throw failure('NothingFound', `nothing was found on ${company}`);
  const { checked, leftOut } = check(desk, output.findings, evidence, `${company} ${question}`);
  if (checked.length === 0) {
    throw failure('NothingFound', ['nothing that was found answers the question', ...leftOut].join('; '));
  }
  return { findings: checked, notes: [...problems.map((problem) => `${desk}: ${problem}`), ...leftOut] };
}

/** The first of each, then the second of each, so that no desk stands behind all that another one has. */
function inTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const length = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

/** A client without types may have sent anything. */
function checked(request: ResearchRequest | undefined): ResearchRequest {
  const { company, question } = request ?? {};
  const isText = (value: unknown) => typeof value === 'string' && value.trim() !== '';
  if (request && isText(company) && isText(question)) return request;
  throw failure('InputInvalid', 'the request needs a company and a question');
}

function failure(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}
