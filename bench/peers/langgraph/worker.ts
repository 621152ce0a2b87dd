import { setTimeout as sleep } from 'node:timers/promises';
import { SystemMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { END, MessagesDeltaValue, MessagesValue, START, StateGraph, StateSchema } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { ToolNode, toolsCondition } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';
import { INSTRUCTIONS, promptOf, type Job } from '../job.js';
import { page } from '../page.js';
import { serve } from '../serve.js';

const { DATABASE_URL = '', OPENAI_BASE_URL = '', CHECKPOINTS } = process.env;

const checkpointer = PostgresSaver.fromConnString(DATABASE_URL);
await checkpointer.setup();

const readPage = tool(page, {
  name: 'page',
  description: 'Reads a page',
  schema: z.object({ turn: z.number(), bytes: z.number(), run: z.string() }),
});
const model = new ChatOpenAI({
  model: 'bench',
  apiKey: 'none',
  configuration: { baseURL: OPENAI_BASE_URL },
}).bindTools([readPage]);
const system = new SystemMessage(INSTRUCTIONS);

const schema = new StateSchema({ messages: CHECKPOINTS === 'delta' ? MessagesDeltaValue : MessagesValue });
const graph = new StateGraph(schema)
  .addNode('agent', async ({ messages }) => ({ messages: [await model.invoke([system, ...messages])] }))
  .addNode('tools', new ToolNode([readPage]))
  .addEdge(START, 'agent')
  .addConditionalEdges('agent', toolsCondition, ['tools', END])
  .addEdge('tools', 'agent')
  .compile({ checkpointer });

const configOf = ({ id, turns }: Job) => ({
  configurable: { thread_id: id },
  // Supersteps: 25 by default, which is 12 turns.
  recursionLimit: 2 * turns + 10,
  // A step is recorded before the next one begins, as by the others. The default, `async`, records it meanwhile.
  durability: 'sync' as const,
});

const ended = async (job: Job) => {
  const { next, values } = await graph.getState(configOf(job));
  return next.length === 0 && Object.keys(values as object).length > 0;
};

serve({
  run: (job) => graph.invoke({ messages: [{ role: 'user', content: promptOf(job) }] }, configOf(job)),
  async wait(job) {
    while (!(await ended(job))) await sleep(50);
  },
  resume: (job) => graph.invoke(null, configOf(job)),
});
