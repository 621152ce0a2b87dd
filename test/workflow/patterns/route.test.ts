import type { Models } from '../../../src/agents/models.js';
import type { Reply, ScriptedModel } from '../../../src/testing/index.js';
import { Cast } from '../../support/cast.js';
import { openStage, outcomeOf } from '../../support/stage.js';
import * as agents from '../fixtures/judged-agents.js';
import type { Choosing, chooseAgent, Sorting, sortTicket } from '../fixtures/judged-workflows.js';

const models = (model: ScriptedModel): Models => ({
  small: { model: 'small', baseUrl: model.url, price: { input: 1, output: 2 } },
  large: { model: 'large', baseUrl: model.url, price: { input: 5, output: 10 } },
  free: { model: 'free', baseUrl: model.url },
});
const stage = openStage(agents, models, new URL('../fixtures/judged-workflows.ts', import.meta.url));

const DOWN: Reply = { status: 401 };
const HANG: Reply = { hang: true };
const label = (name: string, confidence?: number): Reply => ({ json: { label: name, confidence } });

async function cast(name: string, answers: Parameters<Cast['script']>[0] = {}) {
  return new Cast((await stage).model, `case ${name};`).script(answers);
}

async function sort(it: Cast, options: Partial<Sorting> = {}) {
  return (await stage).baton.start<typeof sortTicket>('sortTicket', { text: it.text, ...options });
}

async function sorted(it: Cast, options: Partial<Sorting> = {}) {
  return outcomeOf(await sort(it, options));
}

async function chosen(it: Cast, options: Omit<Choosing, 'text'>) {
  const { baton } = await stage;
  return outcomeOf(await baton.start<typeof chooseAgent>('chooseAgent', { text: it.text, ...options }));
}

describe('routes', () => {
  afterAll(async () => (await stage).close());

  describe('route', () => {
    test.concurrent('gives the input to the branch of its label, and to no other', async () => {
      const it = await cast('label', { sorter: [label('tech', 0.9)], ben: ['fixed'] });
      expect(await sorted(it, { threshold: 0.5 })).toEqual({
        result: { label: 'tech', confidence: 0.9, by: 'classifier', passed: [], output: 'fixed' },
      });
      expect(it.said('sorter')).toEqual(['case label;']);
      expect(it.said('ben')).toEqual(['case label; tech']);
      expect(it.asked('ann')).toEqual([]);
    });

    test.concurrent('an unsure classifier escalates to a stronger one', async () => {
      const it = await cast('unsure', {
        sorter: [label('tech', 0.4)],
        boss: [{ json: { label: 'billing', confidence: 0.8, reason: 'an invoice' } }],
        ann: ['paid'],
      });
      expect(await sorted(it, { threshold: 0.7, escalate: ['boss'] })).toEqual({
        result: {
          label: 'billing',
          confidence: 0.8,
          reason: 'an invoice',
          by: 'escalation',
          passed: [
            {
              name: 'classifier',
              code: 'NotAccepted',
              message: '"tech" with confidence 0.4, under 0.7',
              details: { label: 'tech', confidence: 0.4 },
            },
          ],
          output: 'paid',
        },
      });
    });

    test.concurrent('where the stronger one is unsure too a person chooses among the labels', async () => {
      const it = await cast('person', {
        sorter: [label('tech', 0.1)],
        boss: [label('tech', 0.2)],
        ann: ['paid'],
      });
      const run = await sort(it, { threshold: 0.7, escalate: ['boss', { approvers: ['desk'] }] });
      const [question] = await run.approvals({ wait: '30 seconds' });
      expect(question).toMatchObject({
        title: 'Which way: billing, tech? Suggested: tech',
        options: ['billing', 'tech'],
        approvers: ['desk'],
        details: { input: 'case person;' },
      });
      await run.approve({ by: 'desk', choice: 'billing', comment: 'they say so' });
      const { result } = await outcomeOf(run);
      expect(result).toMatchObject({
        label: 'billing',
        by: 'person',
        who: 'desk',
        reason: 'they say so',
        output: 'paid',
      });
      expect(result?.passed.map(({ name }) => name)).toEqual(['classifier', 'escalation']);
    });

    test.concurrent('a person who approves without choosing agrees with the label', async () => {
      const it = await cast('agrees', { sorter: [label('tech', 0.1)], ben: ['fixed'] });
      const run = await sort(it, { threshold: 0.7, escalate: [{}] });
      await run.approvals({ wait: '30 seconds' });
      await run.approve();
      expect((await outcomeOf(run)).result).toMatchObject({ label: 'tech', by: 'person', output: 'fixed' });
    });

    test.concurrent(
      'a person who approves without choosing where nobody gave a label has not chosen',
      async () => {
        const it = await cast('no label', { sorter: DOWN, cid: ['noted'] });
        const run = await sort(it, { escalate: [{}], otherwise: true });
        await run.approvals({ wait: '30 seconds' });
        await run.approve();
        expect((await outcomeOf(run)).result).toMatchObject({
          by: 'otherwise',
          passed: [{ name: 'classifier' }, { name: 'person', message: 'approved without a choice' }],
        });
      },
    );

    test.concurrent('a person who rejects leaves it to `otherwise`', async () => {
      const it = await cast('rejects', { sorter: [label('tech', 0.1)], cid: ['noted'] });
      const run = await sort(it, { threshold: 0.7, escalate: [{}], otherwise: true });
      await run.approvals({ wait: '30 seconds' });
      await run.reject({ by: 'desk', comment: 'neither' });
      expect((await outcomeOf(run)).result).toMatchObject({
        label: null,
        by: 'otherwise',
        output: 'noted',
        passed: [{ name: 'classifier' }, { name: 'person', message: 'rejected by desk: neither' }],
      });
    });

    test.concurrent(
      'without `otherwise` an expired question is a failure that says who was asked',
      async () => {
        const it = await cast('expires', { sorter: [label('tech', 0.1)] });
        expect(await sorted(it, { threshold: 0.7, escalate: [{ timeout: '1 second' }] })).toMatchObject({
          code: 'NotAccepted',
          message:
            'classifier: NotAccepted: "tech" with confidence 0.1, under 0.7; person: NotAccepted: expired',
          details: { passed: [{ name: 'classifier' }, { name: 'person' }] },
        });
      },
    );

    test.concurrent(
      'a label without a branch goes to `otherwise`, and without one is a failure',
      async () => {
        const it = await cast('unknown', { cid: ['noted'] });
        expect((await sorted(it, { label: 'legal', otherwise: true })).result).toMatchObject({
          label: null,
          by: 'otherwise',
          output: 'noted',
          passed: [{ name: 'classifier', code: 'RouteUnknown', details: { label: 'legal' } }],
        });
        // A name that every object has is no branch.
        expect(await sorted(it, { label: 'toString' })).toMatchObject({
          code: 'RouteUnknown',
          message: 'classifier: RouteUnknown: there is no branch "toString"',
        });
      },
    );

    test.concurrent('a classifier that fails escalates too', async () => {
      const it = await cast('fails', { sorter: DOWN, boss: [label('tech')], ben: ['fixed'] });
      expect((await sorted(it, { escalate: ['boss'] })).result).toMatchObject({
        label: 'tech',
        by: 'escalation',
        passed: [{ name: 'classifier', code: 'Unauthorized' }],
      });
    });

    test.concurrent('where all fail the failure is that of the last, and names the others', async () => {
      const it = await cast('all fail', { sorter: { refusal: 'no' }, boss: DOWN });
      expect(await sorted(it, { escalate: ['boss'] })).toMatchObject({
        code: 'Unauthorized',
        message: expect.stringMatching(/^classifier: Refused: .*; escalation: Unauthorized: /),
      });
    });

    test.concurrent('a classifier that hangs is given up after its time', async () => {
      const it = await cast('hangs', { sorter: HANG, cid: ['noted'] });
      const { result } = await sorted(it, { timeout: '1 second', otherwise: true });
      expect(result).toMatchObject({ by: 'otherwise', passed: [{ name: 'classifier', code: 'TimedOut' }] });
      await it.abandoned('sorter');
    });

    test.concurrent("a branch's failure is the run's", async () => {
      const it = await cast('branch fails', { sorter: [label('billing')], ann: DOWN });
      expect(await sorted(it, { otherwise: true })).toMatchObject({ code: 'Unauthorized' });
      expect(it.asked('cid')).toEqual([]);
    });

    test.concurrent('a cancelled run gives up its request, and asks nobody else', async () => {
      const it = await cast('cancelled', { sorter: HANG });
      const run = await sort(it, { escalate: ['boss'], otherwise: true });
      await it.arrived('sorter');
      await run.cancel();
      await it.abandoned('sorter');
      await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
      expect([...it.asked('boss'), ...it.asked('cid')]).toEqual([]);
    });
  });

  describe('routeToAgent', () => {
    const all = ['unpriced', 'dear', 'cheap', 'ann'];

    test.concurrent('asks the cheapest that has what is needed', async () => {
      const it = await cast('cheapest', { cheap: ['oui'] });
      const { result } = await chosen(it, { agents: all, needs: ['french'] });
      expect(result).toMatchObject({ agent: 'cheap', output: 'oui' });
      expect(result?.passed.map(({ name, code, message }) => `${name} ${code} ${message}`)).toEqual([
        'ann NotAccepted it lacks: french',
        'dear NotNeeded cheap answered',
        'unpriced NotNeeded cheap answered',
      ]);
    });

    test.concurrent('goes on to the next where models are down, unknown prices last', async () => {
      const it = await cast('next', { cheap: DOWN, dear: DOWN, unpriced: ['oui'] });
      const { result } = await chosen(it, { agents: all, needs: ['french'] });
      expect(result).toMatchObject({ agent: 'unpriced', output: 'oui' });
      expect(result?.passed.map(({ name, code }) => [name, code])).toEqual([
        ['ann', 'NotAccepted'],
        ['cheap', 'Unauthorized'],
        ['dear', 'Unauthorized'],
      ]);
    });

    test.concurrent('goes on where one hangs past its time', async () => {
      const it = await cast('slow', { cheap: HANG, dear: ['oui'] });
      const { result } = await chosen(it, { agents: all, needs: ['french'], timeout: '1 second' });
      expect(result).toMatchObject({
        agent: 'dear',
        passed: expect.arrayContaining([expect.objectContaining({ name: 'cheap', code: 'TimedOut' })]),
      });
      await it.abandoned('cheap');
    });

    test.concurrent('where one had written nobody begins anew', async () => {
      const calls: Reply = { calls: [{ tool: 'file', args: {} }] };
      const it = await cast('written', { secretary: [calls, DOWN] });
      const outcome = await chosen(it, { agents: ['secretary', 'dear'] });
      expect(outcome).toMatchObject({ code: 'Unauthorized' });
      expect(it.asked('dear')).toEqual([]);
    });

    test.concurrent('a refusal is the answer: nobody else is asked', async () => {
      const it = await cast('refusal', { cheap: [{ refusal: 'no' }] });
      expect(await chosen(it, { agents: all, needs: ['french'] })).toMatchObject({ code: 'Refused' });
      expect(it.asked('dear')).toEqual([]);
    });

    test.concurrent(
      'agents that no worker has, or whose workers do not answer, are passed over',
      async () => {
        const it = await cast('away', { dear: ['oui'] });
        const { result } = await chosen(it, {
          agents: ['cheap', 'nobody', 'dear'],
          taskQueues: { cheap: 'a queue without workers' },
        });
        expect(result).toMatchObject({
          agent: 'dear',
          passed: [
            {
              name: 'cheap',
              code: 'TimedOut',
              message: expect.stringContaining('"a queue without workers"'),
            },
            { name: 'nobody', code: 'AgentUnknown' },
          ],
        });
      },
    );

    test.concurrent('where nobody has what is needed, or all are down, the failure says why', async () => {
      const it = await cast('nobody', { dear: DOWN });
      expect(await chosen(it, { agents: all, needs: ['law', 'french'] })).toMatchObject({
        code: 'RouteUnknown',
        message: expect.stringMatching(
          /^no agent took the input; .*cheap: NotAccepted: it lacks: law; .*dear: Unauthorized/,
        ),
      });
    });
  });
});
