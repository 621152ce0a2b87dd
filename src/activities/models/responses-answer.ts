import type { Json } from '../../agents/json.js';
import type { AssistantMessage } from '../../agents/message.js';
import { AnswerError } from './answer-error.js';
import { isObject } from './json-schema.js';
import type { ModelAnswer } from './model.js';
import { objectOf, usageOf } from './read-answer.js';
import { readOutput } from './responses-output.js';

/**
 * Reads a response leniently: compatible providers leave out what OpenAI always sends.
 * @param provider key of the provider, for what only it understands
 * @throws AnswerError where the response failed, or is none
 */
export function responsesAnswer(body: unknown, provider: string): Omit<ModelAnswer, 'offline'> {
  const { error, status, output, incomplete_details: details, usage } = objectOf(body);
  if (error !== undefined && error !== null) throw new AnswerError(error);
  // A stream that has ended, or an answer that was not asked for in the background, has no other status.
  if (typeof status === 'string' && status !== 'completed' && status !== 'incomplete')
    throw new AnswerError({ message: `the response ended as ${status}` });
  if (!Array.isArray(output)) throw new AnswerError({ message: 'the answer has no output' });
  const { text, refusal, calls, layout } = readOutput(output.filter(isObject));
  const message: AssistantMessage = {
    role: 'assistant',
    ...(text === '' ? {} : { text }),
    ...(calls.length > 0 ? { calls } : {}),
    ...(refusal === '' ? {} : { refusal }),
    ...(layout.length > 0 ? { opaque: { provider, items: layout satisfies Json[] } } : {}),
  };
  return { message, usage: countsOf(usage), finish: status === 'incomplete' ? finishOf(details) : 'stop' };
}

/** Whatever else left it incomplete, it is cut, and none of its calls may run. */
function finishOf(details: unknown): ModelAnswer['finish'] {
  return isObject(details) && details.reason === 'content_filter' ? 'filter' : 'length';
}

function countsOf(value: unknown) {
  const usage = isObject(value) ? value : {};
  const { input_tokens_details: input, output_tokens_details: output } = usage;
  return usageOf({
    input: usage.input_tokens,
    output: usage.output_tokens,
    total: usage.total_tokens,
    cached: isObject(input) ? input.cached_tokens : undefined,
    reasoning: isObject(output) ? output.reasoning_tokens : undefined,
  });
}
