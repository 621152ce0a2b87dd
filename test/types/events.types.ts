/** What the types of events and sessions allow, and what they refuse: compiled, never run. */
import type { Baton } from '../../src/client.js';
import { z } from 'zod';
import { defineAgent, defineSubscription } from '../../src/agents/index.js';
import { proxyAgents, session, waitForEvent } from '../../src/workflows/index.js';

export async function waits() {
  const always = await waitForEvent<{ usd: number }>('paid', { filter: ({ data }) => data.usd > 1 });
  always.data.usd.toFixed();
  const maybe = await waitForEvent<{ usd: number }>('paid', { timeout: '1 day' });
  // @ts-expect-error it may not have come in time
  maybe.data;
  const parsed = await waitForEvent('paid', { parse: (data) => String(data) });
  parsed.data.trim();
  const timeout: number | undefined = undefined;
  const either = await waitForEvent('paid', { timeout });
  either?.id;
}

const Order = z.object({ order: z.string() });
defineSubscription({
  event: 'paid',
  orchestration: 'follow',
  schema: Order,
  mode: 'signal',
  key: ({ order }) => order,
});
// @ts-expect-error without a key there is no run to tell
defineSubscription({ event: 'paid', orchestration: 'follow', schema: Order, mode: 'signal' });
defineSubscription({
  event: 'paid',
  orchestration: 'follow',
  schema: Order,
  mode: 'signal',
  // @ts-expect-error the order has no number
  key: ({ number }) => String(number),
});

const clerk = defineAgent({
  description: 'Decides',
  instructions: 'Decide.',
  model: 'small',
  input: z.object({ text: z.string() }),
  output: z.object({ at: z.date() }),
});

export async function talks(baton: Baton) {
  const chat = baton.session<typeof clerk>('clerk', { id: 'c', context: { any: 'json' }, idle: '1 day' });
  const { at } = await chat.send({ text: 'hello' });
  at.trim(); // a date comes back as text
  // @ts-expect-error the agent takes a text
  await chat.send({ txt: 'hello' });
  const support = async (ticket: { id: number }) => ticket;
  baton.session(support, { id: 's', input: { id: 1 } });
  // @ts-expect-error another input
  baton.session(support, { id: 's', input: { id: 'one' } });
}

interface Named {
  text: string;
}
const agents = {
  named: defineAgent({
    description: 'Takes and gives an interface',
    instructions: 'Answer.',
    model: 'small',
    input: z.custom<Named>(),
    output: z.custom<Named>(),
  }),
};

export async function support(context: { id: number }) {
  const { ended, messages } = await session(proxyAgents<typeof agents>().named, { context });
  // @ts-expect-error an agent, not any function
  await session(async (text: string) => text);
  return ended === 'idle' ? messages : 0;
}
