import type {
  FunctionTool,
  ResponseCreateParamsBase,
  ResponseFormatTextConfig,
  ResponseInputItem,
} from 'openai/resources/responses/responses';
import type { AssistantMessage, Message } from '../../agents/message.js';
import type { Model } from '../../agents/models.js';
import { portable } from './json-schema.js';
import type { ModelRequest } from './model.js';
import { argumentsOnWire, nameOnWire, rendered, resultOnWire, schemaInWords, textOnWire } from './on-wire.js';
import { providerKey } from './provider-key.js';
import { laidOut } from './responses-layout.js';

/** The body of a Responses API request. The provider keeps nothing: each request carries the whole conversation. */
export function responsesRequest(request: ModelRequest): ResponseCreateParamsBase {
  const { model, instructions, tools, output, outputTokens, temperature } = request;
  const format = schemaInWords(request);
  return {
    model: model.model,
    store: false,
    ...(reasons(model) ? { include: ['reasoning.encrypted_content'] } : {}),
    ...(instructions === '' ? {} : { instructions }),
    input: [
      // JSON mode wants the word in the input, where the instructions do not count.
      ...(format === '' ? [] : [{ role: 'system' as const, content: format }]),
      ...inputOf(request),
    ],
    ...(tools.length > 0 ? { tools: tools.map(toolOf) } : {}),
    ...(output ? { text: { format: formatOf(model, output) } } : {}),
    ...(outputTokens === undefined ? {} : { max_output_tokens: outputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(model.reasoningEffort === undefined ? {} : { reasoning: { effort: model.reasoningEffort } }),
  };
}

/**
 * Whether the model is asked for its reasoning. OpenAI rejects that where a model does not reason ("Encrypted content is not
 * supported with this model"), so that it is known by its name, or by the effort that is asked of it.
 */
function reasons({ model, reasoningEffort }: Model): boolean {
  const name = model.split('/').at(-1) ?? '';
  return (
    reasoningEffort !== undefined || (/^(o\d|gpt-[5-9]|gpt-oss|grok-4)/.test(name) && !name.includes('-chat'))
  );
}

function toolOf({ name, description, parameters }: ModelRequest['tools'][number]): FunctionTool {
  // Left out, `strict` would be true here, unlike in chat completions; arguments are checked before a tool runs.
  return { type: 'function', name, description, parameters: { ...portable(parameters) }, strict: false };
}

function formatOf(model: Model, output: NonNullable<ModelRequest['output']>): ResponseFormatTextConfig {
  if (model.structuredOutput === 'json_object') return { type: 'json_object' };
  return { type: 'json_schema', name: output.name, schema: output.json, strict: output.strict };
}

function inputOf(request: ModelRequest): ResponseInputItem[] {
  const provider = providerKey(request.model);
  return rendered(request, (message, callId) => itemsOf(message, provider, callId));
}

function itemsOf(message: Message, provider: string, callId: (call: number) => string): ResponseInputItem[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: textOnWire(message.content) }];
    case 'assistant':
      return answerItems(message, provider, callId);
    case 'tool':
      return [{ type: 'function_call_output', call_id: callId(message.call), output: resultOnWire(message) }];
  }
}

function answerItems(
  message: AssistantMessage,
  provider: string,
  callId: (call: number) => string,
): ResponseInputItem[] {
  const { text = '', calls = [], refusal = '', opaque } = message;
  return laidOut({ ...message, text: text + refusal }, opaque?.provider === provider ? opaque.items : [], {
    text: (content, phase) => ({ role: 'assistant', content, ...phaseOf(phase) }),
    // Without the item's own id: a provider that keeps nothing would look for it in vain.
    call: (index) => ({
      type: 'function_call',
      call_id: callId(index),
      name: nameOnWire(calls[index]?.tool ?? ''),
      arguments: argumentsOnWire(calls[index]?.arguments ?? ''),
    }),
  });
}

function phaseOf(phase: string | undefined): { phase?: 'commentary' | 'final_answer' } {
  return phase === 'commentary' || phase === 'final_answer' ? { phase } : {};
}
