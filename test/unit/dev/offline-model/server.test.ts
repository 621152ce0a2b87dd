import OpenAI from 'openai';
import type {
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import {
  OFFLINE_MODEL_FINGERPRINT,
  OFFLINE_MODEL_HEADER,
  startOfflineModel,
  type OfflineModel,
} from '../../../../src/dev/offline-model/server.js';

let model: OfflineModel;
let client: OpenAI;
beforeAll(async () => {
  model = await startOfflineModel();
  client = new OpenAI({ baseURL: model.url, apiKey: 'none', maxRetries: 0 });
});
afterAll(() => model.stop());

const LETTER = 'mira@example.org here. The room of booking HB-7 is loud, please move me.';
const TOOLS = [
  {
    name: 'findBookings',
    description: "Find a guest's bookings",
    parameters: z.toJSONSchema(z.object({ email: z.string() })),
  },
  {
    name: 'moveGuest',
    description: 'Moves a guest',
    parameters: z.toJSONSchema(z.object({ bookingId: z.string() })),
  },
].map((definition) => ({ type: 'function' as const, function: definition }));
const Answer = z.object({
  bookingId: z.string(),
  topic: z.enum(['noise', 'loud', 'heat']),
  summary: z.string(),
});

function params(
  extra: Partial<ChatCompletionCreateParamsNonStreaming> = {},
): ChatCompletionCreateParamsNonStreaming {
  const messages: ChatCompletionMessageParam[] = [
    { role: 'developer', content: 'Help.' },
    { role: 'user', content: LETTER },
  ];
  return { model: 'any-model', messages, ...extra };
}

describe('startOfflineModel', () => {
  it('holds a conversation with tools and a schema over the wire', async () => {
    const request = params({ tools: TOOLS, response_format: zodResponseFormat(Answer, 'answer') });
    const called: string[] = [];
    for (;;) {
      const { choices } = await client.chat.completions.create(request);
      const { message, finish_reason: finish } = choices[0] ?? {};
      if (!message) throw new Error('no choice');
      request.messages.push(message);
      if (!message.tool_calls) {
        expect(finish).toBe('stop');
        expect(Answer.parse(JSON.parse(message.content ?? ''))).toMatchObject({
          bookingId: 'HB-7',
          topic: 'loud',
        });
        break;
      }
      expect(finish).toBe('tool_calls');
      for (const call of message.tool_calls) {
        if (call.type !== 'function') throw new Error('not a function');
        called.push(`${call.function.name} ${call.function.arguments}`);
        request.messages.push({
          role: 'tool',
          tool_call_id: call.id,
          content: '[{"bookingId":"HB-7","room":2}]',
        });
      }
    }
    expect(called).toEqual(['findBookings {"email":"mira@example.org"}', 'moveGuest {"bookingId":"HB-7"}']);
  });

  it('labels itself, and echoes the model', async () => {
    const { data, response } = await client.chat.completions.create(params()).withResponse();
    expect(response.headers.get(OFFLINE_MODEL_HEADER)).toBe('1');
    expect(data).toMatchObject({ model: 'any-model', system_fingerprint: OFFLINE_MODEL_FINGERPRINT });
  });

  it('estimates usage from the number of characters', async () => {
    const short = await client.chat.completions.create(params());
    const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = short.usage ?? {};
    expect(completion).toBe(Math.ceil((short.choices[0]?.message.content?.length ?? 0) / 4));
    expect(total).toBe((prompt ?? 0) + (completion ?? 0));
    const long = await client.chat.completions.create(params({ tools: TOOLS, tool_choice: 'none' }));
    expect(long.usage?.prompt_tokens).toBeGreaterThan(prompt ?? 0);
  });

  it('gives the same bytes for the same request', async () => {
    const bytes = async () => {
      const { choices, usage } = await client.chat.completions.create(params({ tools: TOOLS }));
      return JSON.stringify({ choices, usage });
    };
    expect(await bytes()).toBe(await bytes());
  });

  it('streams', async () => {
    const whole = await client.chat.completions.create(params());
    const stream = await client.chat.completions.create({
      ...params(),
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: unknown;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(usage).toMatchObject({ prompt_tokens: whole.usage?.prompt_tokens });
  });

  it('keeps to the limit of the output', async () => {
    const { choices, usage } = await client.chat.completions.create(params({ max_completion_tokens: 3 }));
    expect(choices[0]).toMatchObject({
      finish_reason: 'length',
      message: { content: expect.stringMatching(/^.{12}$/) },
    });
    expect(usage?.completion_tokens).toBe(3);
  });

  it('counts requests, and takes the time that it was told to', async () => {
    const slow = await startOfflineModel({ latencyMs: 150 });
    const asked = Date.now();
    await new OpenAI({ baseURL: slow.url, apiKey: 'none' }).chat.completions.create(params());
    expect(Date.now() - asked).toBeGreaterThanOrEqual(145);
    expect(slow.requests()).toBe(1);
    await slow.stop();
  });

  it('answers a malformed request as a provider does', async () => {
    const malformed = { model: 'm' } as ChatCompletionCreateParamsNonStreaming;
    await expect(client.chat.completions.create(malformed)).rejects.toMatchObject({ status: 400 });
  });

  it('says that its port is taken', async () => {
    const port = Number(new URL(model.url).port);
    await expect(startOfflineModel({ port })).rejects.toMatchObject({ code: 'OfflineModelFailed' });
  });
});
