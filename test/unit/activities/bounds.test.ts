import { z } from 'zod';
import { agentsWithin, boundsOfAgent } from '../../../src/activities/agent-bounds.js';
import { boundsOfMap, boundsOfPlan } from '../../../src/activities/pattern-bounds.js';
import { Registry } from '../../../src/activities/registry.js';
import { agentTool, defineAgent, defineTool, handoff, type Models } from '../../../src/agents/index.js';
import { planLimits } from '../../../src/agents/plan-limits.js';

const baseUrl = 'http://127.0.0.1:1/v1';
const models: Models = {
  // A call costs 90 000 × $1 and 10 000 × $2 a million: $0.11.
  small: {
    model: 's',
    baseUrl,
    price: { input: 1, output: 2 },
    contextWindow: 100_000,
    maxOutputTokens: 10_000,
  },
  // Answers cost less than prompts: 100 000 × $3 a million.
  large: { model: 'l', baseUrl, price: { input: 3, output: 1 }, contextWindow: 100_000 },
  unpriced: { model: 'u', baseUrl, contextWindow: 100_000 },
  windowless: { model: 'w', baseUrl, price: { input: 1, output: 2 } },
  free: { model: 'f', baseUrl, price: { input: 0, output: 0 } },
};

const tool = (spec: object) =>
  defineTool({ description: 'Does', input: z.object({}), effect: 'write', run: () => null, ...spec });
const agent = (spec: object) =>
  defineAgent({ description: 'Helps', instructions: 'Help.', model: 'small', limits: { turns: 5 }, ...spec });

const look = tool({ effect: 'read' });
const pay = tool({});
const ask = tool({ approval: true });
const clerk = agent({ tools: { look, pay, ask } });
const second = agent({ model: ['small', 'large'] });
const unlimited = agent({ limits: { outputTokens: 5_000 } });
const unpriced = agent({ model: ['small', 'unpriced'] });
const windowless = agent({ model: 'windowless' });
const free = agent({ model: 'free', tools: { clerk } });
const lead = agent({
  tools: { clerk: agentTool(clerk, { child: true }) },
  limits: { turns: 2, toolConcurrency: 3 },
});
const desk = agent({
  handoffs: { billing: handoff(second, { transcript: 'summary' }) },
  limits: { turns: 3, handoffs: 2 },
});
const self: ReturnType<typeof agent> = agent({ tools: {} });
Object.assign(self.spec, { tools: { self } });

const registry = new Registry(
  { look, pay, ask, clerk, second, unlimited, unpriced, windowless, free, lead, desk, self },
  models,
);

describe('boundsOfAgent', () => {
  it('takes the longest prompt and answer at each turn, and names tools that write unasked', () => {
    expect(boundsOfAgent(registry, 'clerk')).toEqual({
      turns: 5,
      modelCalls: 5,
      usd: 5 * 0.11,
      atOnce: 8,
      children: 0,
      open: [],
      writes: ['pay (clerk)'],
    });
  });

  it('counts fall-backs to other models, each call at the price of the dearest', () => {
    expect(boundsOfAgent(registry, 'second')).toMatchObject({
      turns: 5,
      modelCalls: 6,
      usd: 6 * 0.3,
      atOnce: 1,
    });
  });

  it('takes the defaults of what a definition leaves out', () => {
    expect(boundsOfAgent(registry, 'unlimited')).toMatchObject({ turns: 20, usd: 20 * 0.105 });
  });

  it.each([
    ['unpriced', 'the price of the model "unpriced" is not known: give it a price'],
    [
      'windowless',
      'how long a prompt of the model "windowless" may be is not known: give it a contextWindow',
    ],
  ])('says why the cost is not known: %s', (name, why) => {
    expect(boundsOfAgent(registry, name)).toMatchObject({ usd: Infinity, open: [why] });
  });

  it('says that agents as tools may be called any number of times, and how many at once', () => {
    expect(boundsOfAgent(registry, 'lead')).toEqual({
      turns: Infinity,
      modelCalls: Infinity,
      usd: Infinity,
      atOnce: 3 * 8,
      children: Infinity,
      open: ['the model of lead may call clerk any number of times in a turn'],
      writes: ['pay (clerk)'],
    });
    expect(agentsWithin(registry, 'lead')).toEqual([
      { agent: 'lead', turns: 2, modelCalls: 2, usd: 0.22 },
      { agent: 'clerk', turns: 5, modelCalls: 5, usd: 0.55 },
    ]);
  });

  it('ends where an agent calls itself, as deep as agents may call each other', () => {
    expect(boundsOfAgent(registry, 'self')).toMatchObject({ modelCalls: Infinity, atOnce: 8 ** 8 });
  });

  it('adds up all who may have the conversation, and the summaries between them', () => {
    const { modelCalls, turns, usd } = boundsOfAgent(registry, 'desk');
    // Three of its own, six of the other one, and two summaries of three turns each, by the first model.
    expect({ turns, modelCalls }).toEqual({ turns: 3 + 5 + 2 * 3, modelCalls: 3 + 6 + 2 * 3 });
    expect(usd).toBeCloseTo(3 * 0.11 + 6 * 0.3 + 6 * 0.11);
  });

  it('does not know agents that are not there', () => {
    expect(() => boundsOfAgent(registry, 'nobody')).toThrow(
      /there is no agent "nobody"; there are: clerk, second/,
    );
  });
});

describe('boundsOfPlan', () => {
  const limits = planLimits({ tasks: 4, plans: 2, repairs: 1, runs: 6, reviews: 1, concurrency: 3 });
  if (typeof limits === 'string') throw new Error(limits);
  const plan = (review: 'each' | 'end' | false) =>
    boundsOfPlan(registry, { workers: ['clerk', 'second'], review, limits });

  it('takes the dearest worker for every run, and what is planned, reviewed and put together', () => {
    const { parts, total } = plan('end');
    expect(parts.map(({ name, times }) => `${times} ${name}`)).toEqual([
      '4 planner',
      '6 worker (clerk or second)',
      '2 reviewer',
      '1 synthesiser',
    ]);
    expect(total).toMatchObject({
      modelCalls: 4 * 3 + 6 * 6 + 2 * 3 + 3,
      atOnce: 3 * 8,
      children: 6,
      writes: ['pay (clerk)'],
    });
    expect(total.usd).toBeCloseTo(7 * 3 * 0.11 + 6 * 6 * 0.3);
  });

  it('counts a review of each run, or none', () => {
    expect(plan('each').parts[2]?.times).toBe(12);
    expect(plan(false).total.modelCalls).toBe(4 * 3 + 6 * 6 + 3);
  });
});

describe('boundsOfMap', () => {
  it('multiplies, and counts the children that a long list is done in', () => {
    expect(boundsOfMap(registry, { agent: 'second', items: 1_010 }).total).toMatchObject({
      modelCalls: 6_060,
      atOnce: 100,
      children: 21,
    });
    expect(boundsOfMap(registry, { agent: 'second', items: 100, concurrency: 7 }).total).toMatchObject({
      atOnce: 7,
      children: 0,
    });
  });
});
