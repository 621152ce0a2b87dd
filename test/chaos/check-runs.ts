import type { Message } from '../../src/agents/message.js';
import type { Ended, RunFailure } from './drive.js';
import { inputOf, type Errand, type Told } from './errand.js';
import type { ChaosModel } from './model-server.js';
import type { Line, Violation } from './verdict.js';
import { walkConversation, type ShownMessage } from './walk-conversation.js';

/** Every run gave the right result, or failed as it had to, or with a failure that was injected into it. */
export function checkRuns(ended: readonly Ended[], model: ChaosModel): Line {
  const violations: Violation[] = [];
  const counts = { right: 0, planned: 0, injected: 0 };
  for (const one of ended) {
    const how = howItEnded(one, model);
    if (typeof how === 'string') counts[how]++;
    else violations.push({ run: one.of.id, what: how.wrong });
  }
  const { right, planned, injected } = counts;
  return {
    name: 'runs',
    found: `${ended.length} ended: ${right} right, ${planned} failed as they had to, ${injected} with a failure that the model server gave them by chance`,
    violations,
  };
}

function howItEnded(
  { of, outcome, failure, answers }: Ended,
  model: ChaosModel,
): 'right' | 'planned' | 'injected' | { wrong: string } {
  const injected = model.injected.get(of.id) ?? new Set();
  if (failure) {
    const { doom } = of.treatment;
    if (failure.code === of.fails) return 'planned';
    if (isOf(failure, injected)) return doom ? 'planned' : 'injected';
    return { wrong: `failed with ${failure.code}: ${failure.message}` };
  }
  if (of.fails !== undefined) return { wrong: `it did not fail with ${of.fails}` };
  if (answers) {
    const wrong = answers.flatMap((answer, i) => {
      const errand = of.driven[i] as Errand;
      if ('output' in answer) return wrongOutput(answer.output, errand);
      return injected.has(answer.code) ? [] : [`${errand.errand}: ${answer.code}: ${answer.message}`];
    });
    if (answers.length !== of.driven.length) wrong.push('messages without an answer');
    return wrong.length > 0 ? { wrong: wrong.join('; ') } : 'right';
  }
  const { ran = [], told = [], events } = outcome ?? {};
  const wrong = [
    ...missingOf(
      of.ran,
      ran.map(({ errand }) => errand),
    ),
    ...missingOf(
      of.told,
      told.map(({ errand }) => errand),
    ),
    ...ran.flatMap((one) => {
      const errand = of.ran.find((planned) => planned.errand === one.errand);
      return errand ? [...wrongOutput(one.output, errand), ...wrongTranscript(one.messages, errand)] : [];
    }),
    ...told.flatMap((output) => {
      const errand = of.told.find((planned) => planned.errand === output.errand);
      return errand ? wrongOutput(output, errand) : [];
    }),
  ];
  if (events && JSON.stringify(events) !== JSON.stringify(of.driven.map(({ errand }) => errand)))
    wrong.push(`it saw the events ${events.join(', ')}`);
  return wrong.length > 0 ? { wrong: wrong.join('; ') } : 'right';
}

/** Whether a failure was injected; of several branches that failed, each; of the rungs of a cascade, one. */
function isOf({ code, branches }: RunFailure, injected: ReadonlySet<string>): boolean {
  // Where there is another rung a call does not wait for a circuit, which what other runs were given has opened.
  const isInjected = (branch: string) => injected.has(branch) || branch === 'CircuitOpen';
  switch (code) {
    case 'TooFewResults':
      return branches.every(isInjected);
    case 'NotAccepted':
      return branches.some(isInjected);
    default:
      return injected.has(code);
  }
}

function missingOf(planned: readonly Errand[], got: readonly string[]): string[] {
  const wanted = planned.map(({ errand }) => errand).sort();
  return JSON.stringify(wanted) === JSON.stringify([...got].sort())
    ? []
    : [`ran ${got.join(', ')} in place of ${wanted.join(', ')}`];
}

function wrongOutput({ errand: name, told }: Told, errand: Errand): string[] {
  if (name !== errand.errand) return [`the answer of ${name} in place of ${errand.errand}`];
  const calls = errand.turns.flat().length;
  return told.length === calls ? [] : [`${name} was told ${told.length} results of ${calls}`];
}

/** Holds the conversation of a result against its errand, and against the answer. */
function wrongTranscript(messages: readonly Message[], errand: Errand): string[] {
  const { errands, problems } = walkConversation(shown(messages));
  const last = errands.at(-1);
  return [
    ...problems.map((problem) => `transcript: ${problem}`),
    ...(last?.isAnswered ? [] : ['transcript: the answer is missing']),
    ...(last?.errand.errand === errand.errand && inputOf(last.errand) === inputOf(errand)
      ? []
      : [`transcript: ${errand.errand} is not in it`]),
  ];
}

/** The messages of a transcript as a request would show them. */
function shown(messages: readonly Message[]): ShownMessage[] {
  let asking = 0;
  return messages.map((message, place) => {
    switch (message.role) {
      case 'user':
        return { role: 'user', content: message.content };
      case 'assistant':
        asking = place;
        return {
          role: 'assistant',
          content: message.text ?? null,
          ...(message.calls
            ? {
                tool_calls: message.calls.map(({ tool, arguments: args }, i) => ({
                  id: `${place}.${i}`,
                  function: { name: tool, arguments: args },
                })),
              }
            : {}),
        };
      case 'tool': {
        const { content, isError } = message;
        const text = typeof content === 'string' ? content : JSON.stringify(content);
        return {
          role: 'tool',
          tool_call_id: `${asking}.${message.call}`,
          content: isError ? `Error: ${text}` : text,
        };
      }
    }
  });
}

/** What the model server saw of all conversations. */
export function checkConversations(model: ChaosModel): Line {
  return {
    name: 'transcripts',
    found: `${model.conversations} requests: no message missing, doubled or changed in what the model was shown`,
    violations: model.problems.map(({ case: run, problem }) => ({ run, what: problem })),
  };
}
