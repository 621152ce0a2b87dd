import { z } from 'zod';
import { interactionsOf, type Interaction } from './recording.js';

const Text = z.union([
  z.string(),
  z.array(z.object({ text: z.string() })).transform((parts) => parts.map(({ text }) => text).join('')),
]);
/** Items of a Responses API request as far as they must agree: ids of calls by their order, arguments as JSON. */
const InputItem = z.union([
  z.looseObject({ type: z.literal('reasoning') }),
  z.object({
    type: z.literal('function_call'),
    call_id: z.string(),
    name: z.string(),
    arguments: z.string().transform((text): unknown => JSON.parse(text)),
  }),
  z.object({ type: z.literal('function_call_output'), call_id: z.string(), output: z.string() }),
  z.object({ role: z.string(), content: Text }),
]);
export type InputItem = z.infer<typeof InputItem>;

const Tool = z.object({
  type: z.string(),
  name: z.string(),
  description: z.string(),
  parameters: z.looseObject({}),
});

const Body = z.looseObject({
  input: z.union([
    z.string().transform((content): InputItem[] => [{ role: 'user', content }]),
    z.array(InputItem),
  ]),
  tools: z.array(Tool).optional(),
});
export type Body = z.infer<typeof Body>;

/** The exchanges of a recording with a Responses API; others in it are with tracing services. */
export function responsesOf(name: string): Interaction[] {
  return interactionsOf(name).filter(({ request }) => request.url.endsWith('/responses'));
}

/** The body of a request in a form in which two that say the same are equal. */
export function bodyOf(body: unknown): Body {
  const { input, ...rest } = Body.parse(body);
  const ids = new Map<string, string>();
  const numbered = (id: string) => {
    if (!ids.has(id)) ids.set(id, `call ${ids.size}`);
    return ids.get(id) ?? '';
  };
  return {
    ...rest,
    input: input.map((item) =>
      'call_id' in item && typeof item.call_id === 'string'
        ? { ...item, call_id: numbered(item.call_id) }
        : item,
    ) as InputItem[],
  };
}

/** Outputs of the tools in a recording, in order. */
export function outputsOf(name: string): string[] {
  const last = bodyOf(responsesOf(name).at(-1)?.request.body);
  return last.input.flatMap((item) =>
    'output' in item && typeof item.output === 'string' ? [item.output] : [],
  );
}
