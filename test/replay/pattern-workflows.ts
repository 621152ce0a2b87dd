import {
  asChild,
  bestOf,
  cascade,
  debate,
  emit,
  groupChat,
  mapAll,
  parallel,
  plan,
  proxyAgents,
  reconcile,
  refine,
  route,
  routeToAgent,
  vote,
  waitForEvent,
  type Person,
  type WorkerTask,
} from '../../src/workflows/index.js';
import type * as agents from './pattern-agents.js';

const { reader, scribe, writer, sorter, critic, voter, referee, triage } = proxyAgents<typeof agents>();

const lead: Person = { approvers: ['lead'], timeout: '1 hour' };

/** The writer never answers, and the scribe fails. */
export async function fanOut(text: string) {
  const { order } = await parallel({ quick: () => reader(text), slow: () => writer(text) }, { need: 'any' });
  const { results, missing } = await parallel(
    {
      late: { run: () => writer(text), timeout: '1 second', fallback: () => reader(text) },
      failing: () => scribe(text),
    },
    { need: 'bestEffort' },
  );
  const read = await mapAll(['one', 'two', 'three'], reader, { inline: 1, batch: 2 });
  return { order, late: results.late, missing: missing.map(({ code }) => code), read };
}

export async function choose(text: string) {
  const routed = await route(text, {
    by: sorter,
    threshold: 0.7,
    escalate: [sorter, lead],
    timeout: '1 minute',
    branches: { story: writer, report: reader },
  });
  const able = await routeToAgent({ writer, reader, scribe }, text, { needs: ['french'] });
  const made = await cascade({ reader, scribe }, text, {
    accept: (draft) => critic({ task: text, draft }),
    timeout: '1 minute',
  });
  return { routed, able, made };
}

export async function settle(text: string) {
  const voted = await vote({ one: voter, two: voter }, text, {
    rule: 'unanimous',
    rounds: 2,
    timeout: '1 minute',
    tie: async () => (await voter('You have the chair.')).choice,
  });
  const reconciled = await reconcile({ reader, scribe }, text, {
    arbiter: [referee, lead],
    timeout: '1 minute',
  });
  return { voted, reconciled };
}

export async function improve(text: string) {
  const best = await bestOf({ reader, scribe }, text, { timeout: '1 minute' });
  const refined = await refine(text, { writer, critic, max: 3, timeout: '1 minute' });
  return { best, refined };
}

export async function discuss(text: string) {
  const chat = await groupChat({ reader, scribe }, text, { moderator: true, max: 4, timeout: '1 minute' });
  const debated = await debate({ reader, scribe }, text, { rounds: 1, timeout: '1 minute' });
  return { chat, debated };
}

export async function edit({ task }: WorkerTask) {
  return writer(task);
}

export async function achieve(goal: string) {
  const workers = {
    reader,
    editor: { run: asChild(edit), description: 'Edits' },
    clock: { run: async ({ task }: WorkerTask) => `${task} at noon`, description: 'Says when' },
  };
  return plan(goal, { workers, approve: lead, timeout: '1 minute' });
}

export async function answer(text: string) {
  const { output, agent } = await triage.run(text);
  return { output, path: agent.path };
}

/** Waits in vain, then for an event; starts a run by one, and tells it something. */
export async function order(id: string) {
  const early = await waitForEvent('order.placed', { timeout: '1 second' });
  const placed = await waitForEvent('order.placed', { key: id });
  const [reached] = await emit({ name: 'order.paid', data: { order: id } });
  await emit({ name: 'order.note', data: 'thanks', to: reached?.run });
  return { early: early !== undefined, placed: placed.data, reached };
}

export async function pack(id: string) {
  const paid = await waitForEvent('order.paid');
  const note = await waitForEvent('order.note');
  return { id, paid: paid.data, note: note.data };
}
