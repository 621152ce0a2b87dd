import { contain, proxyAgents } from 'batonjs/workflow';
import type * as agents from './agents.js';
import { missingOf, type Missing } from './missing.js';

const { planner } = proxyAgents<typeof agents>();

/** What the planner is told, and what holds whatever it says. */
const MAX_SUB_QUESTIONS = 5;

/**
 * Breaks a question into sub-questions: as many as are looked into, none twice, none empty. Without a usable plan the question
 * is taken as it stands.
 */
export async function planQuestions(
  question: string,
  timeoutMs: number,
): Promise<{ subQuestions: string[]; missing: Missing[] }> {
  const planned = await contain(() => planner({ question }), { timeout: timeoutMs });
  const asked = planned.ok ? planned.value.subQuestions.map((one) => one.trim()).filter(Boolean) : [];
  const distinct = [...new Map(asked.map((one) => [one.toLowerCase(), one])).values()];
  return {
    subQuestions: distinct.length > 0 ? distinct.slice(0, MAX_SUB_QUESTIONS) : [question],
    missing: [
      ...(planned.ok ? [] : [missingOf('a plan of sub-questions', planned.failure)]),
      ...distinct
        .slice(MAX_SUB_QUESTIONS)
        .map((what) => ({ what, why: `at most ${MAX_SUB_QUESTIONS} sub-questions are looked into` })),
    ],
  };
}
