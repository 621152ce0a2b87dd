/** Compiled by `tsc`, never run: what the types must allow, and, by `@ts-expect-error`, refuse. */
import { defineAgent, defineTool } from 'batonjs/agents';
import { connect } from 'batonjs';
import { child, parallel, proxyAgents } from 'batonjs/workflow';
import { z } from 'zod';

const tool = defineTool({
  description: '',
  input: z.object({ n: z.number().default(1) }),
  output: z.object({ at: z.date() }),
  effect: 'read',
  run: ({ n }) => ({ at: new Date(n satisfies number) }),
});

// @ts-expect-error the result must fit the output schema
defineTool({ description: '', input: z.object({}), output: z.string(), effect: 'read', run: () => 1 });

// @ts-expect-error a tool says whether it changes the world
defineTool({ description: '', input: z.object({}), run: () => 1 });

const agents = {
  tool,
  clerk: defineAgent({
    description: '',
    instructions: '',
    model: 'small',
    input: z.object({ id: z.number() }),
    output: z.object({ due: z.date(), list: z.array(z.string()), note: z.string().optional() }),
    tools: { tool },
  }),
  talker: defineAgent({ description: '', instructions: '', model: ['small', 'large'] }),
};

const { clerk, talker, ...rest } = proxyAgents<typeof agents>({ timeout: '1 minute' });
rest satisfies Record<never, never>;

export async function orchestration(input: { id: number }) {
  const output = await clerk(input);
  output.list satisfies string[];
  output.note satisfies string | undefined;
  // A date crosses the wire as text.
  output.due satisfies string;
  // @ts-expect-error so it is no date
  output.due.getTime();

  // @ts-expect-error a wrong input
  await clerk({ id: 'one' });
  // @ts-expect-error no such agent
  proxyAgents<typeof agents>().nobody;
  // @ts-expect-error a tool is not an agent
  proxyAgents<typeof agents>().tool;

  const { output: said, cost, transcript } = await talker.run('hello', { context: { a: 1 } });
  said satisfies string;
  cost satisfies number;
  await talker.run('again', { transcript, budget: { usd: 1 }, model: 'large' });

  const { a, b } = await parallel({ a: () => clerk(input), b: () => talker('hi') });
  a.list satisfies string[];
  b satisfies string;
  const [first, second] = await parallel([() => talker('1'), () => clerk(input)]);
  first satisfies string;
  second.due satisfies string;

  return { when: new Date(), said };
}

export async function parent(ids: number[]) {
  // @ts-expect-error a wrong input for the child
  await child(orchestration, { id: 'one' });
  const results = await parallel(ids.map((id) => () => child(orchestration, { id })));
  results satisfies { when: string; said: string }[];
}

export async function application() {
  const baton = await connect();
  const run = await baton.start(orchestration, { id: 1 }, { budget: { usd: 1, tokens: 10 } });
  (await run.result()).when satisfies string;
  const named = await baton.start<typeof orchestration>('orchestration', { id: 1 });
  (await named.result()).said satisfies string;
  // @ts-expect-error a wrong input
  await baton.start(orchestration, { id: 'one' });
  const unknown = await baton.start('orchestration', { anything: true });
  (await unknown.result()) satisfies unknown;
}
