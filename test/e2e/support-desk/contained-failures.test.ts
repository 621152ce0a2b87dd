import type { DeskReply } from '../../../examples/support-desk/desk-reply.js';
import { startScriptedModel, type Reply, type ScriptEntry } from '../../../src/testing/index.js';
import { modelsAt, ticket, withDesk } from './desk.js';

beforeAll(() => {
  process.env.OPENAI_API_KEY ??= 'none';
});

const passage = { id: 'reproof-a-rain-jacket', title: 'Reproof a rain jacket', text: 'Wash it first.' };

/** Answers every request of one agent, known by the start of its instructions. */
function says(start: string, reply: Reply | ((nth: number) => Reply), times = Infinity): ScriptEntry {
  let nth = 0;
  return { when: start, times, reply: () => (typeof reply === 'function' ? reply(++nth) : reply) };
}

const request = {
  category: 'usage',
  questions: ['How do I reproof a rain jacket?'],
  orderId: null,
  wantsRefund: false,
  refundUsd: null,
  hazard: false,
  manipulative: false,
};
const triage = says('You sort the incoming tickets', { json: request });
const librarian = says('You find what the support articles say', {
  json: { passages: [passage], answer: 'Wash it first.', gaps: [] },
});
const orderDesk = says('You find the order', { json: { orderId: null, facts: [] } });
const writer = says('You write replies', (nth) => ({
  json: { reply: `Draft ${nth}.`, articleIds: ['reproof-a-rain-jacket', 'made-up'] },
}));
const accepts = says('You check drafts', { json: { issues: [], accepted: true } });
const refused = { status: 401, body: { error: { message: 'no such key' } } };

async function work(
  script: ScriptEntry[],
  onApproval?: { edits?: string; reject?: true },
): Promise<DeskReply> {
  const model = await startScriptedModel(...script);
  const result = await withDesk(modelsAt(model.url), async (baton) => {
    const { id } = await baton.start('supportDesk', await ticket('T-017'));
    const run = baton.run<DeskReply>(id);
    if (onApproval) {
      const [question] = await run.approvals({ wait: '20 seconds' });
      expect(question?.title).toBe('Reply to "rain jacket soaks through" was not accepted by the check');
      const { edits, reject } = onApproval;
      const answer = { by: 'team-lead', ...(edits === undefined ? {} : { edits }) };
      await (reject ? run.reject(answer) : run.approve(answer));
    }
    return run.result();
  });
  await model.stop();
  return result;
}

describe('supportDesk, where a step fails', () => {
  it('cites only articles that were found', async () => {
    const result = await work([triage, librarian, orderDesk, writer, accepts]);
    expect(result).toMatchObject({ articles: ['reproof-a-rain-jacket'], notes: [] });
    expect(result.reply).toContain('Draft');
  });

  it('replies without the librarian, and says so', async () => {
    const result = await work([
      triage,
      says('You find what the support', refused),
      orderDesk,
      writer,
      accepts,
    ]);
    expect(result.articles).toEqual([]);
    expect(result.notes).toEqual([
      expect.stringContaining('searching the knowledge base failed (Unauthorized)'),
    ]);
  });

  it('replies without the order desk, and says so', async () => {
    const result = await work([triage, librarian, says('You find the order', refused), writer, accepts]);
    expect(result.reply).toContain('Draft');
    expect(result.notes).toEqual([expect.stringContaining('looking the order up failed (Unauthorized)')]);
  });

  it('sends a holding reply without the writer', async () => {
    const result = await work([triage, librarian, orderDesk, says('You write replies', refused)]);
    expect(result.reply).toContain('A colleague will look into your message');
    expect(result.notes).toEqual([expect.stringContaining('writing the reply failed (Unauthorized)')]);
  });
});

describe('a draft that is not accepted', () => {
  const objects = says('You check drafts', {
    json: { issues: ['Answer the second question.'], accepted: false },
  });
  const script = () => {
    const drafts = says('You write replies', (nth) => ({
      json: { reply: `Draft number ${nth}.`, articleIds: ['reproof-a-rain-jacket'] },
    }));
    return [triage, librarian, orderDesk, drafts, objects];
  };

  it('goes back to the writer with the reasons', async () => {
    const secondTime = says('You check drafts', (nth) => ({
      json: nth === 1 ? { issues: ['Name the spray.'], accepted: false } : { issues: [], accepted: true },
    }));
    const drafts: ScriptEntry[] = [
      {
        when: ({ messages }) => JSON.stringify(messages).includes('Name the spray.') && isWriter(messages),
        reply: { json: { reply: 'With the spray.', articleIds: [] } },
      },
      { when: ({ messages }) => isWriter(messages), reply: { json: { reply: 'Without.', articleIds: [] } } },
    ];
    const result = await work([triage, librarian, orderDesk, ...drafts, secondTime]);
    expect(result.reply).toContain('With the spray.');
    expect(result.notes).toEqual([]);
  });

  it('waits for a person after two revisions, who may send it, also in other words', async () => {
    const result = await work(script(), {});
    expect(result.reply).toContain('Draft number 3.');
    expect(result.notes).toEqual(['The draft was not accepted: Answer the second question.']);
    expect((await work(script(), { edits: 'In my own words.' })).reply).toContain('In my own words.');
  });

  it('is not sent where the person says no', async () => {
    const result = await work(script(), { reject: true });
    expect(result.reply).not.toContain('Draft');
    expect(result.articles).toEqual([]);
    expect(result.notes).toContain('No reply was released; a colleague must write one.');
  });
});

function isWriter(messages: { content?: unknown }[]): boolean {
  return String(messages[0]?.content).startsWith('You write replies');
}
