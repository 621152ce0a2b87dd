import { proxyAgents, type TranscriptHandle } from 'batonjs/workflow';
import type * as agents from './agents.js';

const { clerk } = proxyAgents<Pick<typeof agents, 'clerk'>>();

/** Says what the customer said, one message after the other in one transcript, and gives the agent's answers. */
export async function converse({ model, customer }: { model: string; customer: readonly string[] }) {
  const answers: string[] = [];
  let transcript: TranscriptHandle | undefined;
  for (const message of customer) {
    const result = await clerk.run(message, { model, ...(transcript ? { transcript } : {}) });
    answers.push(result.output);
    transcript = result.transcript;
  }
  return answers;
}
