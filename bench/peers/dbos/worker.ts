import { DBOS } from '@dbos-inc/dbos-sdk';
import { ask, conversationOf, spoken } from '../chat.js';
import type { Job, PageArguments } from '../job.js';
import { page } from '../page.js';
import { serve } from '../serve.js';

/** A step for each model call and each tool call; the conversation is made again of their results. */
async function readerFunction(job: Job): Promise<string> {
  const messages = conversationOf(job);
  for (;;) {
    const answer = await DBOS.runStep(() => ask(messages), { name: 'model', retriesAllowed: true });
    if (answer.calls.length === 0) return answer.content;
    messages.push(spoken(answer));
    for (const call of answer.calls) {
      const content = await DBOS.runStep(() => page(JSON.parse(call.arguments) as PageArguments), {
        name: 'page',
        retriesAllowed: true,
      });
      messages.push({ role: 'tool', tool_call_id: call.id, content });
    }
  }
}

const reader = DBOS.registerWorkflow(readerFunction, { name: 'reader' });
const { DATABASE_URL = '' } = process.env;
// The executor's id is that of the process before, as on a single server: its pending workflows are recovered at launch.
DBOS.setConfig({ name: 'peers', systemDatabaseUrl: DATABASE_URL, logLevel: 'error' });
await DBOS.launch();

serve({
  async run(job) {
    const handle = await DBOS.startWorkflow(reader, { workflowID: job.id })(job);
    return handle.getResult();
  },
  wait: ({ id }) => DBOS.retrieveWorkflow(id).getResult({ pollingIntervalMs: 50 }),
});
