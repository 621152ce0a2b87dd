import { approval, child, failureOf, parallel, proxyAgents } from '../../src/workflows/index.js';
import type * as agents from './agents.js';

const { clerk, desk } = proxyAgents<typeof agents>();

export async function converse(text: string) {
  const first = await clerk.run(text);
  const second = await clerk.run('and again', { transcript: first.transcript, context: { note: 'short' } });
  return [first.output, second.output];
}

export async function decide(text: string) {
  const { a, b } = await parallel({ a: () => clerk(text), b: () => clerk(text) });
  const answer = await approval({ title: 'Pay?', approvers: ['lead'], timeout: '1 hour' });
  return answer.approved ? a.usd + b.usd : 0;
}

export async function delegate(texts: string[]) {
  return parallel(texts.map((text) => () => child(converse, text)));
}

export async function expire() {
  return approval({ title: 'Quick?', timeout: '1 second', onTimeout: 'reject' });
}

export async function afford(text: string) {
  try {
    return await clerk(text);
  } catch (error) {
    return failureOf(error)?.code;
  }
}

export async function serve(text: string) {
  const { output, agent } = await desk.run(text);
  return { output, path: agent.path };
}

export * from './pattern-workflows.js';
