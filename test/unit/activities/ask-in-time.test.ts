import { queryObjects } from 'node:v8';
import { askChatCompletions } from '../../../src/activities/models/chat-completions.js';
import { startScriptedModel } from '../../../src/testing/index.js';
import { modelRequest } from './model-request.js';

/** How many abort controllers there are after so many answers. */
async function controllersAfter(answers: number): Promise<number> {
  // A server of its own: one that stood still while objects were counted would close its connections.
  const model = await startScriptedModel({ times: Infinity, reply: 'Hello to you too.' });
  for (let i = 0; i < answers; i++)
    await askChatCompletions(modelRequest(model.url, [{ role: 'user', content: 'Hello' }]));
  await model.stop();
  // It collects garbage before it counts.
  return queryObjects(AbortController, { format: 'count' }) as unknown as number;
}

describe('a question to a model', () => {
  it('leaves nothing behind in memory once it is answered', async () => {
    const before = await controllersAfter(20);
    expect((await controllersAfter(50)) - before).toBeLessThan(20);
  });
});
