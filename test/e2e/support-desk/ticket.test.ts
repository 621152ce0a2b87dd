import { BatonError } from '../../../src/agents/index.js';
import { demo } from '../../../examples/support-desk/demo.js';
import { parseTicket } from '../../../examples/support-desk/ticket.js';
import type { Demo } from '../../../src/cli/demo.js';

const good = { from: 'ada@example.com', subject: 'Tent', body: 'Where is it?' };
const json = (fields: object) => JSON.stringify({ ...good, ...fields });

describe('parseTicket', () => {
  it('reads a ticket, with and without an order', () => {
    expect(parseTicket(JSON.stringify(good))).toEqual(good);
    expect(parseTicket(`\uFEFF${json({ orderId: 'S-10153', id: 'T-9' })}`)).toEqual({
      ...good,
      orderId: 'S-10153',
      id: 'T-9',
    });
  });

  it.each([
    ['nothing', '', 'it is empty'],
    ['white space', ' \n\t', 'it is empty'],
    ['too many bytes', json({ body: 'é'.repeat(600_000) }), 'it has 1,200,'],
    ['too many bytes', json({ body: 'é'.repeat(600_000) }), 'at most 1,000,000 (1 MB)'],
    ['no JSON', 'Hello, where is my tent?', 'it is not valid JSON'],
    ['a list', '[]', 'it is not a JSON object'],
    ['null', 'null', 'it is not a JSON object'],
    ['a missing field', JSON.stringify({ ...good, body: undefined }), 'body is missing'],
    ['several wrong fields', json({ from: 'ada', body: 7 }), 'from: is not an e-mail address; body: '],
    ['an empty body', json({ body: ' \n' }), 'body: is empty'],
    ['a long body', json({ body: 'x'.repeat(20_001) }), 'body has more than 20,000 characters'],
    ['a long subject', json({ subject: 'x'.repeat(301) }), 'subject has more than 300 characters'],
    ['another number', json({ orderId: '10153' }), 'orderId: is not an order number such as S-10153'],
    [
      'an unknown key',
      json({ priority: 1 }),
      'unknown: priority (a ticket has id, from, subject, body, orderId)',
    ],
  ])('refuses %s', (_, text, problem) => {
    let error: unknown;
    try {
      parseTicket(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(BatonError);
    expect(error).toMatchObject({ code: 'InputInvalid', message: expect.stringContaining(problem) });
  });
});

describe('the demo', () => {
  it('ships 30 tickets that are tickets', async () => {
    const typed: Demo = demo;
    const inputs = await typed.inputs();
    expect(inputs).toHaveLength(30);
    expect(inputs.map(({ id }) => id)).toContain(demo.defaultInput);
    for (const { input } of inputs) expect(demo.parse(JSON.stringify(input))).toEqual(input);
  });

  it('names a folder that is not there', () => {
    expect(() => demo.configure({ data: 'no/such/folder' })).toThrow(/no\/such\/folder does not exist/);
  });
});
