/** Compiled by `tsc`, never run: what the types of route, cascade, bestOf and vote must allow, and, by `@ts-expect-error`, refuse. */
import { defineAgent } from 'batonjs/agents';
import { bestOf, cascade, proxyAgents, route, routeToAgent, vote } from 'batonjs/workflow';
import { z } from 'zod';

const plain = { description: '', instructions: '', model: 'small' };
const Ticket = z.object({ text: z.string() });
const agents = {
  sorter: defineAgent({
    ...plain,
    input: Ticket,
    output: z.object({ label: z.enum(['billing', 'tech']), confidence: z.number().optional() }),
  }),
  boss: defineAgent({ ...plain, input: Ticket, output: z.object({ label: z.enum(['billing', 'tech']) }) }),
  cook: defineAgent({ ...plain, input: Ticket, output: z.object({ label: z.enum(['soup', 'fish']) }) }),
  clerk: defineAgent({ ...plain, input: Ticket, output: z.object({ usd: z.number() }) }),
  expert: defineAgent({ ...plain, input: Ticket, output: z.object({ usd: z.number() }) }),
  talker: defineAgent({ ...plain }),
  verifier: defineAgent({
    ...plain,
    input: z.object({ usd: z.number() }),
    output: z.object({ accepted: z.boolean(), feedback: z.string().optional() }),
  }),
};
const { sorter, boss, cook, clerk, expert, talker, verifier } = proxyAgents<typeof agents>();

export async function routes(ticket: { text: string }) {
  const { label, output, by } = await route(ticket, {
    by: sorter,
    threshold: 0.7,
    escalate: [boss, { approvers: ['desk'], timeout: '1 day' }],
    branches: {
      billing: clerk,
      tech: async ({ text }, label) => `${text} ${label satisfies 'billing' | 'tech'}`,
    },
  });
  label satisfies 'billing' | 'tech' | null;
  output satisfies { usd: number } | string;
  by satisfies 'classifier' | 'escalation' | 'person' | 'otherwise';
  // @ts-expect-error the other branch may have been taken
  output.usd;

  // @ts-expect-error a label has no branch
  await route(ticket, {
    by: sorter,
    branches: { billing: clerk },
  });

  // With `otherwise` a label needs none.
  const rest = await route(ticket, { by: sorter, branches: { billing: clerk }, otherwise: async () => 7 });
  rest.output satisfies { usd: number } | number;

  // A classifier may be any function, and give the bare label.
  const plainLabel = async ({ text }: { text: string }) => (text === '' ? 'empty' : 'full');
  await route(ticket, { by: plainLabel, branches: { empty: async () => 1, full: async () => 2 } });
  // @ts-expect-error a label has no branch
  await route(ticket, {
    by: plainLabel,
    branches: { empty: async () => 1 },
  });

  // Of any text no branches can be exhaustive.
  const anyText = async (): Promise<string> => 'x';
  await route(ticket, { by: anyText, branches: { a: async () => 1 }, otherwise: async () => 2 });
  // @ts-expect-error `otherwise` is missing
  await route(ticket, {
    by: anyText,
    branches: { a: async () => 1 },
  });

  // @ts-expect-error a stronger classifier has the same labels
  await route(ticket, { by: sorter, escalate: cook, branches: { billing: clerk, tech: clerk } });
  // @ts-expect-error the classifier takes another input
  await route(5, { by: sorter, branches: { billing: clerk, tech: clerk } });
  // @ts-expect-error a branch takes another input
  await route(ticket, { by: sorter, branches: { billing: talker, tech: clerk } });
}

export async function chooses(ticket: { text: string }) {
  const { agent, output } = await routeToAgent({ clerk, expert }, ticket, { needs: ['law'] });
  agent satisfies 'clerk' | 'expert';
  output.usd satisfies number;
  const mixed = await routeToAgent({ clerk, boss }, ticket);
  mixed.output satisfies { usd: number } | { label: 'billing' | 'tech' };
  // @ts-expect-error a wrong input
  await routeToAgent({ clerk, expert }, 'text');
  // @ts-expect-error no input fits both
  await routeToAgent({ clerk, talker }, ticket);
}

export async function judged(ticket: { text: string }) {
  const climbed = await cascade([clerk, expert], ticket, { accept: verifier, otherwise: 'best' });
  climbed.output.usd satisfies number;
  await cascade({ clerk, expert }, ticket, { accept: ({ usd }, name) => usd > 1 && name !== '' });
  // @ts-expect-error whoever accepts takes another output
  await cascade({ sorter }, ticket, { accept: verifier });

  const best = await bestOf({ clerk, expert }, ticket, { enough: ({ usd }) => usd > 5 });
  best.output.usd satisfies number;
  (await bestOf(talker, 'hello', { tries: 5 })).output satisfies string;
  // @ts-expect-error a wrong input
  await bestOf([clerk, expert], 'text');

  const decided = await vote({ sorter, boss }, ticket, { key: ({ label }) => label, weights: { boss: 2 } });
  decided.winner satisfies string | null;
  decided.output?.label satisfies 'billing' | 'tech' | undefined;
  await vote([sorter, async ({ text }, discussion) => ({ label: discussion ? text : 'x' })], ticket);
}
