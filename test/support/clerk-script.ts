import type { ChatRequest, ScriptedModel } from '../../src/testing/index.js';

/** The clerk answers "re: " and the message; some messages are answered otherwise. */
export function clerkScript(model: ScriptedModel): ScriptedModel {
  return model.script(
    { when: 'SLOWLY', times: Infinity, delay: 700, reply: reply },
    { when: 'HANG', times: Infinity, reply: { hang: true } },
    { when: 'FAIL', times: Infinity, reply: { status: 401 } },
    { when: 'You are the clerk.', times: Infinity, reply },
    { when: 'You are the counter.', times: Infinity, reply: { json: { words: 2 } } },
  );
}

const reply = (request: ChatRequest) => `re: ${lastOf(request)}`;

export function lastOf({ messages }: ChatRequest): string {
  return String(messages.at(-1)?.content);
}
