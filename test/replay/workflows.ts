import { approval, child, failureOf, parallel, proxyAgents } from '../../src/workflows/index.js';
import type * as agents from './agents.js';

const { archivist, clerk, desk } = proxyAgents<typeof agents>();
const { scout: quickScout } = proxyAgents<typeof agents>({ placement: 'local' });

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

export async function archive(text: string) {
  const { output, transcript } = await archivist.run(text, { pinned: true });
  return { output, length: transcript.length };
}

export async function lookQuickly(text: string) {
  const first = await quickScout.run(text);
  const { a, b } = await parallel({
    a: () => quickScout.run('on', { transcript: first.transcript }),
    b: () => quickScout(text),
  });
  return [first.output, a.output, b];
}

export * from './pattern-workflows.js';
export * from './saga-workflows.js';
