import type { supportDesk } from '../../../examples/support-desk/workflows.js';
import type { DeskReply } from '../../../examples/support-desk/desk-reply.js';
import type { Baton } from '../../../src/client.js';
import type { Run } from '../../../src/client/run.js';
import { startOfflineModel, type OfflineModel } from '../../../src/dev/offline-model/server.js';
import { modelsAt, ticket, withDesk } from './desk.js';

const DESK = 'supportDesk' satisfies (typeof supportDesk)['name'];

let model: OfflineModel;

beforeAll(async () => {
  process.env.OPENAI_API_KEY ??= 'none';
  model = await startOfflineModel();
});
afterAll(() => model.stop());

async function start(baton: Baton, id: string): Promise<Run<DeskReply>> {
  const run = await baton.start(DESK, await ticket(id));
  return baton.run<DeskReply>(run.id, run.runId);
}

const desk = <T>(fn: (baton: Baton) => Promise<T>) => withDesk(modelsAt(model.url), fn);

describe('supportDesk, on the offline model', () => {
  it('asks the team lead about $89 (T-001) and refunds it then', () =>
    desk(async (baton) => {
      const run = await start(baton, 'T-001');
      const [question, ...others] = await run.approvals({ wait: '20 seconds' });
      expect(others).toEqual([]);
      expect(question).toMatchObject({
        title: 'Refund of $89.00 on order S-10153',
        approvers: ['team-lead'],
        details: { refundUsd: 89, orderId: 'S-10153', refundedBeforeUsd: 0 },
      });
      await expect(run.approve({ by: 'finance' })).rejects.toThrow(/is for team-lead/);
      await run.approve({ by: 'team-lead' });
      const result = await run.result();
      expect(result).toMatchObject({ ticketId: 'T-001', refundUsd: 89 });
      expect(result.reply).toContain('We have approved a refund of $89.00 for order S-10153.');
      expect(result.articles.length).toBeGreaterThan(0);

      // The same ticket again: asked again, and not paid again.
      const again = await start(baton, 'T-001');
      await again.approvals({ wait: '20 seconds' });
      await again.approve({ by: 'team-lead' });
      expect(await again.result()).toMatchObject({
        refundUsd: 89,
        notes: [expect.stringContaining('it was not paid again')],
      });
    }));

  it('refunds nothing where the team lead says no', () =>
    desk(async (baton) => {
      const run = await start(baton, 'T-001');
      await run.approvals({ wait: '20 seconds' });
      await run.reject({ by: 'team-lead', comment: 'worn outdoors' });
      const result = await run.result();
      expect(result.refundUsd).toBe(0);
      expect(result.reply).toContain('cannot approve it');
      expect(result.notes).toEqual([expect.stringContaining('worn outdoors')]);
    }));

  it('asks the team lead and then finance about $529 (T-016)', () =>
    desk(async (baton) => {
      const run = await start(baton, 'T-016');
      const [first] = await run.approvals({ wait: '20 seconds' });
      expect(first?.approvers).toEqual(['team-lead']);
      await run.approve({ by: 'team-lead' });
      const [second] = await run.approvals({ wait: '20 seconds' });
      expect(second?.approvers).toEqual(['finance']);
      await run.approve({ by: 'finance' });
      expect(await run.result()).toMatchObject({ refundUsd: 529 });
    }));

  it('works on the others without a question to people', () =>
    desk(async (baton) => {
      const ids = ['T-002', 'T-003', 'T-009', 'T-015', 'T-018'];
      const results = await Promise.all(ids.map(async (id) => (await start(baton, id)).result()));
      const [howTo, small, stranger, spam, injected] = results;
      // $42 is within what the desk may do itself.
      expect(small?.refundUsd).toBe(42);
      for (const result of [howTo, stranger, spam, injected]) expect(result?.refundUsd).toBe(0);
      expect(howTo?.articles).toContain('clean-a-blocked-stove-jet');

      // Not the owner's address: nothing of the order may be told.
      expect(stranger?.notes).toEqual([expect.stringContaining('belongs to another e-mail address')]);
      expect(stranger?.reply).toContain('only with the e-mail address that it was placed with');
      expect(stranger?.reply).not.toMatch(/Lucinda|199|Thistle|HP1936768046/);

      expect(spam).toMatchObject({ reply: '', notes: [expect.stringContaining('closed without a reply')] });
      expect(injected?.reply).not.toMatch(/\$?900|completed|@/);

      expect(new Set(results.map((result) => result.reply)).size).toBe(ids.length);
    }));

  it('names what is wrong with an input that is no ticket', () =>
    desk(async (baton) => {
      const run = await baton.start(DESK, { from: 'ada', subject: 5 });
      await expect(run.result()).rejects.toMatchObject({
        cause: {
          type: 'InputInvalid',
          message: expect.stringMatching(/from[\s\S]*subject|subject[\s\S]*from/),
        },
      });
    }));
});
