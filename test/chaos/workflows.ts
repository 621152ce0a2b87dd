/** Orchestrations of the chaos suite: each pattern with what its agents said and did, to be held against what they should. */
import { ApplicationFailure } from '@temporalio/workflow';
import {
  approval,
  asChild,
  bestOf,
  cascade,
  contain,
  mapAll,
  messagesOf,
  parallel,
  plan,
  proxyAgents,
  route,
  saga,
  session,
  waitForEvent,
} from '../../src/workflows/index.js';
import type { Message } from '../../src/agents/message.js';
import type { AgentFunction, FailureInfo, Missing, PlanResult } from '../../src/workflows/index.js';
import { runState } from '../../src/workflows/run-state.js';
import type * as agents from './agents.js';
import { inputOf, type Errand, type Told } from './errand.js';

// A model that says nothing is given up soon.
const placed = { attemptTimeout: '10 seconds' } as const;
const { clerk, aide, booker, granter, front, spender, sorter, chief, checker, editor, judge } =
  proxyAgents<typeof agents>(placed);
const { near } = proxyAgents<typeof agents>({ ...placed, placement: 'local' });

/** An errand as it was run. */
export interface Ran {
  errand: string;
  output: Told;
  /** The conversation in the end. */
  messages: readonly Message[];
}

export interface Outcome {
  ran: Ran[];
  /** What of the ledger says what it cost. */
  ledger?: { spent: number; unconfirmed: number };
  /** Outputs alone, where the conversations are in other runs. */
  told?: Told[];
  events?: string[];
}

async function run(agent: AgentFunction<string, Told>, errand: Errand): Promise<Ran> {
  const { output, transcript } = await agent.run(inputOf(errand));
  return { errand: errand.errand, output, messages: messagesOf(transcript) };
}

/** One after the other, and the third in the conversation of the first. */
export async function sequence([first, second, third]: [Errand, Errand, Errand]): Promise<Outcome> {
  const begun = await clerk.run(inputOf(first));
  const between = await run(aide, second);
  const { output, transcript } = await clerk.run(inputOf(third), { transcript: begun.transcript });
  const messages = messagesOf(transcript);
  return {
    ran: [
      { errand: first.errand, output: begun.output, messages: messagesOf(begun.transcript) },
      between,
      { errand: third.errand, output, messages },
    ],
  };
}

export async function atOnce([first, second, ...more]: [Errand, Errand, ...Errand[]]): Promise<Outcome> {
  const { clerks, aides, others } = await parallel({
    clerks: () => run(clerk, first),
    aides: () => run(aide, second),
    others: () => mapAll(more, (errand) => run(aide, errand), { concurrency: 3 }),
  });
  return { ran: [clerks, aides, ...others] };
}

export async function planned(goal: string): Promise<Outcome> {
  const whole = await contain(() =>
    plan(goal, {
      workers: { clerk, aide },
      planner: chief,
      reviewer: checker,
      synthesiser: editor,
    }),
  );
  const missing = whole.ok ? whole.value.missing : missingIn(whole.failure);
  const why = missing.find(({ code }) => code !== 'Blocked');
  if (why || !whole.ok) throw ApplicationFailure.nonRetryable(why?.message, why?.code);
  return { ran: [], told: whole.value.output.results.map((result) => result.output) };
}

/** The tasks of a plan of which nothing came, or else the plan. */
function missingIn(failed: FailureInfo): Missing[] {
  const { missing } = (failed.details ?? {}) as Partial<Pick<PlanResult, 'missing'>>;
  return missing ?? [{ name: 'plan', ...failed }];
}

export async function routed({
  ask,
  left,
  right,
}: Record<'ask' | 'left' | 'right', Errand>): Promise<Outcome> {
  const { output } = await route(inputOf(ask), {
    by: sorter,
    branches: { left: () => run(clerk, left), right: () => run(aide, right) },
  });
  return { ran: [output] };
}

/** The first rung is never good enough. */
export async function climbed([look, act]: [Errand, Errand]): Promise<Outcome> {
  const { output } = await cascade({ cheap: clerk, dear: aide }, inputOf(look), {
    accept: (_, name) => name === 'dear',
  });
  return { ran: [await run(clerk, act)], told: [output] };
}

export async function competed([look, act]: [Errand, Errand]): Promise<Outcome> {
  const { output } = await bestOf(clerk, inputOf(look), { tries: 3, judge });
  return { ran: [await run(aide, act)], told: [output] };
}

export async function handedOver(errand: Errand): Promise<Outcome> {
  return { ran: [await run(front, errand)] };
}

export async function one(errand: Errand): Promise<Ran> {
  return run(clerk, errand);
}

export async function children(errands: Errand[]): Promise<Outcome> {
  return { ran: await mapAll(errands, asChild(one)) };
}

/** The harness answers: a question of the run, and one of a tool. */
export async function approved([before, after]: [Errand, Errand]): Promise<Outcome> {
  const ran = await run(clerk, before);
  const { approved: isApproved } = await approval({ title: 'Go on?', approvers: ['lead'] });
  return { ran: isApproved ? [ran, await run(granter, after)] : [ran] };
}

export async function trip({
  errands,
  undo: isUndone,
}: {
  errands: Errand[];
  undo: boolean;
}): Promise<Outcome> {
  return saga(async ({ undo }) => {
    const ran: Ran[] = [];
    for (const errand of errands) ran.push(await run(booker, errand));
    if (isUndone) undo('as it was planned');
    return { ran };
  });
}

export async function paid(errands: Errand[]): Promise<Outcome> {
  const ran = await mapAll(errands, (errand) => run(spender, errand), { concurrency: 3 });
  const { spent, unconfirmed } = runState().ledger;
  return { ran, ledger: { spent: spent.usd, unconfirmed: unconfirmed.usd } };
}

export async function nearby(errands: Errand[]): Promise<Outcome> {
  const ran: Ran[] = [];
  for (const errand of errands) ran.push(await run(near, errand));
  return { ran };
}

/** An event, an errand, and so on. */
export async function woken(errands: Errand[]): Promise<Outcome> {
  const ran: Ran[] = [];
  const events: string[] = [];
  for (const errand of errands) {
    const { data } = await waitForEvent<string>('go');
    events.push(data);
    ran.push(await run(clerk, errand));
  }
  return { ran, events };
}

/** A session, which goes on in a new run after a few messages. */
export async function talk({ perRun }: { perRun: number }) {
  return session(clerk, { messagesPerRun: perRun });
}
