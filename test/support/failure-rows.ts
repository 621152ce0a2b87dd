import { createServer, type AddressInfo } from 'node:net';
import { z } from 'zod';
import { defineAgent, defineTool } from '../../src/agents/index.js';
import type { FailureCode } from '../../src/agents/failures.js';
import type { Baton } from '../../src/client.js';
import type { Reply } from '../../src/testing/index.js';
import type { AgentPlacement } from '../../src/workflows/index.js';
import { outcomeOf, openStage, type Outcome, type Stage } from './stage.js';

/** A row of the failure table: what a model server does, and what comes of it. */
export interface Row {
  /** What the server does, in words. */
  when: string;
  /** The same, request by request. After it the server answers well. */
  replies: (Reply | (() => Reply))[];
  code: FailureCode;
  /** What the failure says, beside the code. */
  says: string | RegExp;
  /** Which models are asked, one request each: of an agent with the models `small` and `large`. */
  asks: ('small' | 'large')[];
  /** Whether the call ends with an answer of the model that was asked last, or with the failure. */
  ends: 'answer' | 'failure';
  /** Milliseconds that pass at least before each further request. */
  waits?: number[];
  /** How often the write tool of the agent runs. None where nothing is said. */
  runs?: number;
  /** The agent's answers come as streams. */
  stream?: true;
  /** The agent's output has a schema: `{ n: number }`. */
  schema?: true;
  placement?: AgentPlacement;
}

const runs = new Map<string, number>();
/** Changes the world: each run counts. */
const book = defineTool({
  description: 'Books',
  input: z.object({ key: z.string() }),
  effect: 'write',
  run: ({ key }) => {
    runs.set(key, (runs.get(key) ?? 0) + 1);
    return 'booked';
  },
});

/** The call of the write tool by which a row sees whether it was run. */
export const booking = (key: string) => ({ calls: [{ tool: 'book', args: { key } }] });
/** How often it was. */
export const bookings = (key: string) => runs.get(key) ?? 0;

const plain = { description: 'Answers', instructions: 'You answer.', input: z.string(), tools: { book } };
const schema = { output: z.object({ n: z.number() }) };
const pair = ['small', 'large'] as const;
const pairOfStreams = ['smallStream', 'largeStream'] as const;
const agents = {
  book,
  pair: defineAgent({ ...plain, model: pair }),
  solo: defineAgent({ ...plain, model: 'small' }),
  pairSchema: defineAgent({ ...plain, ...schema, model: pair }),
  soloSchema: defineAgent({ ...plain, ...schema, model: 'small' }),
  pairStream: defineAgent({ ...plain, model: pairOfStreams }),
  soloStream: defineAgent({ ...plain, model: 'smallStream' }),
  offline: defineAgent({ ...plain, model: ['nowhere', 'large'] }),
  offlineOnly: defineAgent({ ...plain, model: 'nowhere' }),
};

/** The stage on which rows are played. To be closed in an `afterAll`. */
export async function openFailureStage(): Promise<Stage> {
  const nowhere = await closedPort();
  return openStage(agents, (model) => {
    const models = model.models('small', 'large');
    const streams = Object.entries(models).map(([name, one]) => [`${name}Stream`, { ...one, stream: true }]);
    return {
      ...models,
      ...(Object.fromEntries(streams) as typeof models),
      nowhere: { model: 'nowhere', baseUrl: `http://127.0.0.1:${nowhere}/v1` },
    };
  });
}

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let count = 0;

/** Plays the row for an agent with a second model, and for one without. */
export async function play(stage: Stage, row: Row): Promise<void> {
  const { asks, ends } = row;
  await playFor(stage, row, 'pair', asks, ends);
  const alone = asks.filter((model) => model === 'small');
  await playFor(stage, row, 'solo', alone, alone.length < asks.length ? 'failure' : ends);
}

async function playFor(
  stage: Stage,
  row: Row,
  who: 'pair' | 'solo',
  asks: string[],
  ends: Row['ends'],
): Promise<void> {
  const it = stage.case(`row ${count++};`);
  const good: Reply = row.schema ? { json: { n: 1 } } : 'fine';
  it.replies(...row.replies, ...(ends === 'answer' ? [good] : []));
  const before = bookings(row.when);
  const agent = `${who}${row.schema ? 'Schema' : ''}${row.stream ? 'Stream' : ''}`;
  const run = await it.start(agent, row.placement ? { placement: row.placement } : {});
  const outcome = await outcomeOf(run);

  expect(it.asked).toEqual(asks);
  expectEnd(outcome, row, { agent, ends, last: `${asks.at(-1)}${row.stream ? 'Stream' : ''}` });
  const failures = await failuresOf(stage.baton, run.id);
  expect(failures).not.toEqual([]);
  for (const { code, message } of failures) {
    expect({ code, message }).toEqual({ code: row.code, message: expect.stringMatching(row.says) });
  }
  for (const [i, least] of (row.waits ?? []).entries()) expect(it.gaps[i]).toBeGreaterThanOrEqual(least);
  expect(bookings(row.when) - before).toBe(row.runs ?? 0);
}

function expectEnd(
  { result, code, message, details }: Outcome,
  row: Row,
  { agent, ends, last }: { agent: string; ends: Row['ends']; last: string },
): void {
  if (ends === 'answer') {
    expect({ code, message, model: result?.agent.model }).toEqual({ model: last });
    expect(result?.output).toEqual(row.schema ? { n: 1 } : 'fine');
  } else {
    expect(code).toBe(row.code);
    expect(message).toMatch(new RegExp(`^${agent}: `));
    expect(message).toMatch(row.says);
    expect(details).toMatchObject({ model: last });
  }
}

/** The failures of a run's turns that its history tells of: the last one of each turn, and the one before. */
export async function failuresOf(baton: Baton, id: string): Promise<{ code: string; message: string }[]> {
  const { events } = await baton.client.workflow.getHandle(id).fetchHistory();
  return (events ?? []).flatMap((event) => {
    const failure =
      event.activityTaskStartedEventAttributes?.lastFailure ??
      event.activityTaskFailedEventAttributes?.failure;
    return failure
      ? [{ code: failure.applicationFailureInfo?.type ?? '', message: failure.message ?? '' }]
      : [];
  });
}

/** An error as OpenAI words it. */
export const providerError = (status: number, fields: object = {}, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: { error: { message: 'the provider’s reason', ...fields } },
});

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}
