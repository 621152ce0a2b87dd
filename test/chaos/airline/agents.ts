import { defineAgent, defineTool, type Tool } from 'batonjs/agents';
import { z } from 'zod';
import { conversationOf } from './names.js';
import { readConversations, TOOLS } from './recordings.js';
import type { ToolRequest } from './tool-server.js';

const url = process.env.AIRLINE_TOOLS ?? '';
const Answer = z.object({ output: z.string() });

/** The tools of the recording, whose work the tool server does: it executes a call once per key. */
export const tools: Record<string, Tool> = Object.fromEntries(
  TOOLS.map((tool) => [
    tool,
    defineTool({
      description: 'Recorded',
      input: z.looseObject({}),
      effect: 'write',
      idempotent: true,
      // A call may be caught by the deaths of several workers.
      attempts: 10,
      async run(args, { idempotencyKey: key, run: { workflowId }, signal }) {
        const conversation = conversationOf(workflowId);
        const body = { conversation, tool, args, key, pid: process.pid } satisfies ToolRequest;
        const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), signal });
        if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
        return Answer.parse(await response.json()).output;
      },
    }),
  ]),
);

export const clerk = defineAgent({
  description: 'Changes bookings of flights',
  instructions: readConversations()[0]?.messages[0]?.content ?? '',
  // Each call names the conversation's own.
  model: 'none',
  tools,
  limits: { turns: 40 },
});
