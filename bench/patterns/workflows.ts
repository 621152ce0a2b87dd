import {
  asChild,
  bestOf,
  cascade,
  groupChat,
  mapAll,
  parallel,
  plan,
  proxyAgents,
  reconcile,
  refine,
  route,
  vote,
} from 'batonjs/workflow';
import type * as agents from './agents.js';

const {
  writer,
  expert,
  labeller,
  verifier,
  critic,
  voter,
  referee,
  differ,
  ruler,
  planner,
  closer,
  desk,
  boss,
} = proxyAgents<typeof agents>();

const TASK = 'Write a text.';
const TWENTY = Array.from({ length: 20 }, (_, i) => `Write text ${i}.`);

/** Each pattern, and below it the same agents called by hand, in the same order and as much at once. */
export async function parallelPattern() {
  return parallel({
    a: () => writer(TASK),
    b: () => writer(TASK),
    c: () => writer(TASK),
    d: () => expert(TASK),
  });
}
export async function parallelByHand() {
  return Promise.all([writer(TASK), writer(TASK), writer(TASK), expert(TASK)]);
}

export async function mapAllPattern() {
  return mapAll(TWENTY, writer);
}
export async function mapAllByHand() {
  return Promise.all(TWENTY.map((task) => writer(task)));
}

export async function routePattern() {
  return route(TASK, { by: labeller, threshold: 0.5, branches: { writer, expert } });
}
export async function routeByHand() {
  const { label } = await labeller(TASK);
  return label === 'writer' ? writer(TASK) : expert(TASK);
}

export async function cascadePattern() {
  return cascade({ writer, expert }, TASK, {
    accept: async (text, name) => (await verifier(text)).accepted && name === 'expert',
  });
}
export async function cascadeByHand() {
  await verifier(await writer(TASK));
  const text = await expert(TASK);
  return (await verifier(text)).accepted ? text : undefined;
}

export async function bestOfPattern() {
  return bestOf(writer, TASK, { tries: 3, judge: referee });
}
export async function bestOfByHand() {
  const texts = await Promise.all([writer(TASK), writer(TASK), writer(TASK)]);
  const candidates = texts.map((output, i) => ({ label: 'ABC'[i] ?? '', output }));
  const { scores } = await referee({ task: TASK, rubric: 'How good is it?', candidates });
  return scores.sort((a, b) => b.score - a.score)[0]?.label;
}

export async function votePattern() {
  return vote([voter, voter, voter], TASK);
}
export async function voteByHand() {
  const votes = await Promise.all([voter(TASK), voter(TASK), voter(TASK)]);
  return votes.filter(({ choice }) => choice === 'yes').length;
}

export async function refinePattern() {
  return refine(TASK, { writer, critic: ({ task, draft }) => critic({ task, draft }), max: 3 });
}
export async function refineByHand() {
  let draft = await writer.run(TASK);
  for (let round = 1; ; round++) {
    const { feedback } = await critic({ task: TASK, draft: draft.output });
    if (round === 3) return draft.output;
    draft = await writer.run(feedback, { transcript: draft.transcript });
  }
}

export async function reconcilePattern() {
  return reconcile([writer, writer, expert], TASK, { compare: differ, arbiter: ruler });
}
export async function reconcileByHand() {
  const texts = await Promise.all([writer(TASK), writer(TASK), expert(TASK)]);
  const answers = texts.map((answer, i) => ({ label: 'ABC'[i] ?? '', answer }));
  const { conflicts } = await differ({ question: TASK, answers });
  return ruler({ question: TASK, answers, conflicts });
}

export async function groupChatPattern() {
  return groupChat({ writer, expert }, TASK, { max: 6 });
}
export async function groupChatByHand() {
  const first = await writer.run(TASK);
  const second = await expert.run(first.output);
  const third = await writer.run(second.output, { transcript: first.transcript });
  const fourth = await expert.run(third.output, { transcript: second.transcript });
  const fifth = await writer.run(fourth.output, { transcript: third.transcript });
  return expert.run(fifth.output, { transcript: fourth.transcript });
}

export async function planPattern() {
  return plan(TASK, {
    workers: { writer, expert },
    planner: ({ goal }) => planner({ goal }),
    synthesiser: ({ goal }) => closer({ goal }),
    review: false,
  });
}
export async function planByHand() {
  const { tasks } = await planner({ goal: TASK });
  const one = await asChild(writer)(tasks[0]?.task ?? '');
  const two = await asChild(expert)(`${tasks[1]?.task}\n${one}`);
  return closer({ one, two });
}

export async function handoffPattern() {
  return desk(TASK);
}
export async function handoffByHand() {
  const { output } = await writer.run(TASK);
  return expert.run(output);
}

export async function agentToolPattern() {
  return boss(TASK);
}
export async function agentToolByHand() {
  const first = await writer.run(TASK);
  const found = await expert(first.output);
  return writer.run(found, { transcript: first.transcript });
}
