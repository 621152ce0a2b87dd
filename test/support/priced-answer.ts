import type { Reply } from '../../src/testing/index.js';

/** What every such answer costs: 100 tokens in and 500 out, at 1 and 2 USD per million. */
export const COST = 0.0011;

export const pricedText = (content: string, prompt?: number) =>
  answer({ role: 'assistant', content }, prompt);

export const pricedRefusal = answer({ role: 'assistant', content: null, refusal: 'no' });

export const pricedCall = (tool: string, args: unknown, prompt?: number) =>
  answer(
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: tool, arguments: JSON.stringify(args) } }],
    },
    prompt,
  );

/** @param prompt tokens that are counted as the prompt's */
function answer(message: object, prompt = 100): Reply {
  const usage = { prompt_tokens: prompt, completion_tokens: 500, total_tokens: prompt + 500 };
  return { status: 200, body: { choices: [{ index: 0, message, finish_reason: 'stop' }], usage } };
}
