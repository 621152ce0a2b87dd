import { patched, proxyActivities } from '@temporalio/workflow';
import type { CheckedOutput } from '../agents/checked-output.js';
import type { Json } from '../agents/json.js';
import { CHECK_ACTIVITY, CHECKED_PATCH } from '../agents/names.js';
import { approval, type ApprovalQuestion } from './approval.js';
import { failure, type FailureInfo } from './fail.js';
import type { AgentPlacement } from './take-turn.js';

export interface FallbackQuestion extends Omit<ApprovalQuestion, 'title' | 'edits'> {
  /** One line, as the inbox shows it. Default: which agent failed, and how. */
  title?: string;
}

interface FailedAgent {
  name: string;
  placement: AgentPlacement;
}

/** How often people may give what does not fit. */
const MAX_UNFIT = 4;

/**
 * Asks people for the output of an agent that failed. What they give must fit the agent's schema as its own output must; where it
 * does not they are asked again, and told why.
 * @throws NotAccepted where nobody gave an output
 */
export async function askForOutput(
  question: FallbackQuestion,
  { name, placement }: FailedAgent,
  input: Json,
  { code, message }: FailureInfo,
): Promise<{ by?: string; output: Json }> {
  const { title = `${name} failed (${code}): what is to stand for its output?` } = question;
  const isChecked = patched(CHECKED_PATCH);
  let unfit: { given: Json; problem: string } | undefined;
  for (let asked = 0; asked < MAX_UNFIT; asked++) {
    const { details = { input, failure: { code, message } } } = question;
    const { status, approved, by, choice, edits } = await approval({
      ...question,
      title,
      details: unfit ? withProblem(details, unfit) : details,
      ...(isChecked ? { edits: 'required' } : {}),
    });
    const given = edits ?? choice;
    if (!approved || given === undefined)
      throw failure('NotAccepted', approved ? 'approved, but with no output as edits' : status);
    const who = by === undefined ? {} : { by };
    if (!isChecked) return { output: given, ...who };
    const checked = await checkOutput(name, placement, given);
    if ('output' in checked) return { output: checked.output, ...who };
    unfit = { given, problem: checked.problem };
  }
  throw failure('NotAccepted', `what people gave never fitted; the last time: ${unfit?.problem ?? ''}`);
}

function checkOutput(agent: string, { taskQueue }: AgentPlacement, given: Json): Promise<CheckedOutput> {
  const activities = proxyActivities<
    Record<typeof CHECK_ACTIVITY, (agent: string, given: Json) => Promise<CheckedOutput>>
  >({
    scheduleToCloseTimeout: '10 minutes',
    startToCloseTimeout: '30 seconds',
    summary: agent,
    ...(taskQueue === undefined ? {} : { taskQueue }),
  });
  return activities[CHECK_ACTIVITY](agent, given);
}

function withProblem(details: Json, unfit: { given: Json; problem: string }): Json {
  const isObject = typeof details === 'object' && details !== null && !Array.isArray(details);
  return { problem: unfit.problem, given: unfit.given, ...(isObject ? details : { asked: details }) };
}
