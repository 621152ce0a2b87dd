import { classify } from '../../../src/activities/models/classify.js';
import { askResponses } from '../../../src/activities/models/responses-api.js';
import { startReplayServer } from '../../support/replay-server.js';
import { modelRequest } from './model-request.js';

/** What the model client makes of a 200 with the body, asked for whole or in pieces. */
export async function answerTo(body: unknown, { type = 'application/json', stream = false } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = { status: 200, headers: { 'content-type': type }, body: text };
  const server = await startReplayServer([{ request: { url: '', body: null }, response }]);
  try {
    const model = { api: 'responses', stream } as const;
    return await askResponses(modelRequest(server.url, [{ role: 'user', content: 'Hello' }], { model }));
  } catch (error) {
    return classify(error);
  } finally {
    await server.stop();
  }
}

export const said = (text: string, more: object = {}) => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
  ...more,
});
export const called = (more: object = {}) => ({
  type: 'function_call',
  id: 'fc_1',
  call_id: 'call_1',
  name: 'find',
  arguments: '{}',
  ...more,
});
export const thought = (id: string, more: object = {}) => ({
  type: 'reasoning',
  id,
  encrypted_content: 'secret',
  summary: [],
  ...more,
});
export const response = (output: unknown, more: object = {}) => ({
  object: 'response',
  status: 'completed',
  output,
  ...more,
});
