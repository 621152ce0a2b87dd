import { ApplicationFailure } from '@temporalio/common';
import { analyse } from './analyse.js';
import { collectFindings } from './collect-findings.js';
import { openFindings } from './open-findings.js';
import { planQuestions } from './plan-questions.js';
import type { Report } from './report.js';
import { droppedClaim, reportOf } from './report-of.js';
import { writeClaims } from './write-claims.js';

export interface ResearchInput {
  question: string;
  /** How long each step, such as a researcher or the check of a claim, may take. Default 300. */
  timeoutSeconds?: number;
}

/**
 * Answers a question from a library of articles. The text is put together here, from claims that were found supported and
 * from nothing else; what failed or did not hold is named beside it.
 */
export async function factCheckedResearch(input: ResearchInput): Promise<Report> {
  const { question, timeoutMs } = readInput(input);
  const { subQuestions, missing: unplanned } = await planQuestions(question, timeoutMs);
  const { findings, missing: unfound } = await collectFindings(subQuestions, timeoutMs);
  const { opened, dropped } = await openFindings(findings);
  const missing = [...unplanned, ...unfound];
  if (opened.length === 0) {
    return reportOf({
      question,
      claims: [],
      findings: [],
      contradictions: [],
      dropped,
      missing,
      rounds: 0,
    });
  }
  const { analysis, missing: unanalysed } = await analyse(question, opened, timeoutMs);
  const written = await writeClaims(question, analysis, opened, timeoutMs);
  return reportOf({
    question,
    claims: written.claims,
    findings: opened,
    contradictions: analysis.contradictions,
    dropped: [...dropped, ...written.withdrawn.map(droppedClaim)],
    missing: [...missing, ...unanalysed, ...written.missing],
    rounds: written.rounds,
  });
}

/** A client without types may have sent anything. @throws ApplicationFailure `InputInvalid` */
function readInput(input: Partial<ResearchInput> | null | undefined) {
  const { question, timeoutSeconds = 300 } = input ?? {};
  if (typeof question !== 'string' || question.trim() === '')
    throw ApplicationFailure.nonRetryable('question is not a text', 'InputInvalid');
  if (typeof timeoutSeconds !== 'number' || !(timeoutSeconds > 0))
    throw ApplicationFailure.nonRetryable('timeoutSeconds is not a number above 0', 'InputInvalid');
  return { question, timeoutMs: timeoutSeconds * 1000 };
}
