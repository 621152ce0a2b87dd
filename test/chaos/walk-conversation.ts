import { errandIn, type Errand, type PlannedCall } from './errand.js';

/** A message as it stands in a chat completions request. */
export interface ShownMessage {
  role: string;
  content?: unknown;
  tool_calls?: unknown[];
  tool_call_id?: string;
}

interface ShownCall {
  id: string;
  function: { name: string; arguments: string };
}

/** An errand as a conversation tells of it. */
export interface Walked {
  errand: Errand;
  /** What the tools gave, of each turn that was taken. */
  results: string[][];
  /** Whether its answer stands there. */
  isAnswered: boolean;
}

export interface Walk {
  errands: Walked[];
  /** What is missing, doubled, or in the wrong place. */
  problems: string[];
}

/** Arguments that no tool can read, as the model server gives them now and then. */
export const BROKEN_ARGUMENTS = '{"broken';
/** An answer that fits no schema. */
export const GARBAGE = 'not the JSON that was asked for';

/** What the agent is to do next: the calls of its turn, or its answer. */
export function nextOf(walked: Walked): { calls: PlannedCall[] } | { answer: object } {
  const calls = walked.errand.turns[walked.results.length];
  return calls ? { calls } : { answer: answerOf(walked) };
}

function answerOf({ errand, results }: Walked): object {
  return errand.answer ?? { errand: errand.errand, told: results.flat() };
}

/** Goes through a conversation message by message and holds it against what its errands say must stand there: no more and no less. */
export function walkConversation(messages: readonly ShownMessage[]): Walk {
  const errands: Walked[] = [];
  const problems: string[] = [];
  let isRepairDue = false;
  for (let at = 0; at < messages.length; at++) {
    const message = messages[at] as ShownMessage;
    const walked = errands.at(-1);
    switch (message.role) {
      case 'system':
        if (at > 0) problems.push(`instructions at ${at}`);
        break;
      case 'user': {
        const errand = errandIn(message.content);
        if (errand) {
          if (walked && !walked.isAnswered)
            problems.push(`${errand.errand} before ${walked.errand.errand} is answered`);
          if (errands.some((one) => one.errand.errand === errand.errand))
            problems.push(`${errand.errand} twice`);
          errands.push({ errand, results: [], isAnswered: false });
        } else if (isRepairDue !== isRepair(message.content)) problems.push(`a user's message at ${at}`);
        isRepairDue = false;
        break;
      }
      case 'assistant': {
        if (!walked || walked.isAnswered || isRepairDue) {
          problems.push(`the model speaks at ${at} where nothing is asked`);
          break;
        }
        const calls = (message.tool_calls ?? []) as ShownCall[];
        if (calls.length > 0) {
          const told = resultsAfter(messages, at, calls, problems);
          at += told.length;
          if (calls.some(isBroken)) break;
          const planned = walked.errand.turns[walked.results.length];
          if (!planned || !isSame(planned, calls))
            problems.push(`turn ${walked.results.length + 1} of ${walked.errand.errand} at ${at} is another`);
          walked.results.push(told);
        } else if (message.content === GARBAGE) isRepairDue = true;
        else if (message.content === JSON.stringify(nextAnswer(walked))) walked.isAnswered = true;
        else problems.push(`the answer of ${walked.errand.errand} at ${at} is another`);
        break;
      }
      default:
        problems.push(`a tool's result at ${at} that nobody asked for`);
    }
  }
  return { errands, problems };
}

function nextAnswer(walked: Walked): object | undefined {
  const next = nextOf(walked);
  return 'answer' in next ? next.answer : undefined;
}

function isRepair(content: unknown): boolean {
  return typeof content === 'string' && content.endsWith('Answer again, corrected.');
}

/** The results that follow the calls: one of each, in their order. */
function resultsAfter(
  messages: readonly ShownMessage[],
  at: number,
  calls: readonly ShownCall[],
  problems: string[],
): string[] {
  const told: string[] = [];
  for (const [i, call] of calls.entries()) {
    const result = messages[at + 1 + i];
    if (result?.role !== 'tool' || result.tool_call_id !== call.id) {
      problems.push(`no result of call ${i} at ${at}`);
      break;
    }
    told.push(String(result.content));
  }
  return told;
}

function isBroken({ function: { arguments: args } }: ShownCall): boolean {
  return args === BROKEN_ARGUMENTS || args === JSON.stringify({ invalid_arguments: BROKEN_ARGUMENTS });
}

function isSame(planned: readonly PlannedCall[], calls: readonly ShownCall[]): boolean {
  const said = calls.map(({ function: { name, arguments: args } }) => `${name} ${args}`);
  return (
    JSON.stringify(said) ===
    JSON.stringify(planned.map(({ tool, args }) => `${tool} ${JSON.stringify(args)}`))
  );
}
