import { queryObjects } from 'node:v8';
import { startScriptedModel } from '../../../src/testing/index.js';
import { askChatCompletions } from '../../../src/activities/models/chat-completions.js';
import { modelRequest } from './model-request.js';

describe('a question to a model', () => {
  it('leaves nothing behind in memory once it is answered', async () => {
    const server = await startScriptedModel({ times: Infinity, reply: 'Hello to you too.' });
    try {
      const ask = async (times: number) => {
        for (let i = 0; i < times; i++)
          await askChatCompletions(modelRequest(server.url, [{ role: 'user', content: 'Hello' }]));
        // It collects garbage before it counts.
        return queryObjects(AbortController, { format: 'count' }) as unknown as number;
      };
      const before = await ask(20);
      expect((await ask(50)) - before).toBeLessThan(20);
    } finally {
      await server.stop();
    }
  });
});
