import './node-20.js';
import * as restate from '@restatedev/restate-sdk';
import { connect, rpc } from '@restatedev/restate-sdk-clients';
import { ask, conversationOf, spoken } from '../chat.js';
import type { Job, PageArguments } from '../job.js';
import { page } from '../page.js';
import { serve } from '../serve.js';

const { ENDPOINT_PORT = '', INGRESS_URL = '' } = process.env;

/** A journaled step for each model call and each tool call; the conversation is made again of the journal. */
const reader = restate.service({
  name: 'reader',
  handlers: {
    async read(ctx: restate.Context, job: Job): Promise<string> {
      const messages = conversationOf(job);
      for (;;) {
        const answer = await ctx.run('model', () => ask(messages));
        if (answer.calls.length === 0) return answer.content;
        messages.push(spoken(answer));
        for (const call of answer.calls) {
          const content = await ctx.run('page', () => page(JSON.parse(call.arguments) as PageArguments));
          messages.push({ role: 'tool', tool_call_id: call.id, content });
        }
      }
    },
  },
});

await restate.serve({ services: [reader], port: Number(ENDPOINT_PORT) });
const ingress = connect({ url: INGRESS_URL });
// With the same key the second call attaches to the run that the first one began.
const read = async (job: Job) =>
  ingress.serviceClient<typeof reader>({ name: 'reader' }).read(job, rpc.opts({ idempotencyKey: job.id }));

serve({ run: read, wait: read });
