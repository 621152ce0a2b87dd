import { z } from 'zod';
import { reply } from '../../../../src/dev/offline-model/responder.js';
import { ask, formatOf, requestFor, round } from './ask.js';

/** A booking desk: what the model is asked here has nothing to do with the examples. */
const LETTER = {
  id: 'L-19',
  email: 'mira@example.org',
  subject: 'Wrong room',
  body: 'We booked the lake room for 4 June 2031, booking HB-7731, but got the one at the street. It was so loud that nobody slept!! Please call me at +41 44 555 01 02. Kind regards, Mira Stone',
};

describe('values that are named alike', () => {
  it('copies them, in whatever spelling', () => {
    const input = { booking_number: 'HB-1', guest: { fullName: 'Mira Stone' }, nights: 3, paid: true };
    const schema = z.object({
      bookingNumber: z.string(),
      guest_name: z.string(),
      nights: z.int(),
      paid: z.boolean(),
    });
    expect(ask(schema, input)).toMatchObject({ bookingNumber: 'HB-1', nights: 3, paid: true });
  });

  it('takes them from lines of prose', () => {
    const schema = z.object({ roomNumber: z.string(), deposit: z.number() });
    expect(ask(schema, 'Please check.\nRoom number: 12b\n- Deposit: $1,250.50')).toEqual({
      roomNumber: '12b',
      deposit: 1250.5,
    });
  });

  it('copies whole objects and lists', () => {
    const schema = z.object({
      guests: z.array(z.object({ name: z.string() })),
      address: z.object({ city: z.string() }),
    });
    const input = { guests: [{ name: 'A' }, { name: 'B' }], address: { city: 'Bern' } };
    expect(ask(schema, input)).toEqual(input);
  });

  it('takes the record that is asked about', () => {
    const request = requestFor('How much was the invoice for the boat trip?', {});
    const bills = [
      { id: 'B1', text: 'breakfast', totalUsd: 12 },
      { id: 'B2', text: 'boat trip', totalUsd: 84.5 },
    ];
    request.messages.push(...round([{ name: 'bills', arguments: {} }], [bills]));
    const said = reply({
      ...request,
      response_format: formatOf(z.object({ billId: z.string(), refundUsd: z.number() })),
    });
    expect(said).toEqual({ kind: 'text', text: '{"billId":"B2","refundUsd":84.5}' });
  });

  it('takes an amount that the user names and a record confirms before one with a similar name', () => {
    const request = requestFor('I want back the $89 for the cot.', {});
    const bill = { shippingUsd: 5, totalUsd: 140, items: [{ name: 'cot', unitUsd: 89 }] };
    request.messages.push(...round([{ name: 'bill', arguments: {} }], [bill]));
    const said = reply({ ...request, response_format: formatOf(z.object({ usd: z.number() })) });
    expect(said).toEqual({ kind: 'text', text: '{"usd":89}' });
  });

  it('does not take another thing for it', () => {
    expect(ask(z.object({ bookingId: z.string().nullable() }), { id: 'L-19', body: 'Hello there.' })).toEqual(
      {
        bookingId: null,
      },
    );
  });
});

describe('texts with a form', () => {
  it('finds them in what was said', () => {
    const schema = z.object({
      contactEmail: z.email(),
      arrivalDate: z.iso.date(),
      bookingId: z.string(),
      phone: z.string(),
      guestName: z.string(),
      code: z.string().regex(/^HB-\d+$/),
    });
    expect(ask(schema, LETTER)).toEqual({
      contactEmail: 'mira@example.org',
      arrivalDate: '2031-06-04',
      bookingId: 'HB-7731',
      phone: '+41 44 555 01 02',
      guestName: 'Mira Stone',
      code: 'HB-7731',
    });
  });

  it('says null where it may and nothing is there', () => {
    const schema = z.object({
      email: z.email().nullable(),
      invoiceId: z.string().nullable(),
      note: z.string().nullable(),
    });
    expect(ask(schema, 'The room was cold.')).toEqual({ email: null, invoiceId: null, note: null });
  });

  it('leaves out what need not be there', () => {
    const schema = z.object({
      summary: z.string(),
      email: z.string().optional(),
      usd: z.number().optional(),
    });
    expect(ask(schema, 'The room was cold all night.')).toEqual({ summary: 'The room was cold all night.' });
  });
});

describe('labels', () => {
  const topic = z
    .enum(['noise', 'billing', 'cleaning', 'other'])
    .describe('noise: loud, sleep; billing: invoice, charge, paid twice; cleaning: dirt, towels');

  it.each([
    [LETTER, 'noise'],
    ['You charged my card twice.', 'billing'],
    ['The towels were dirty.', 'cleaning'],
    ['When does the museum open?', 'other'],
  ])('takes the one whose words are said', (input, expected) => {
    expect(ask(z.object({ topic }), input)).toEqual({ topic: expected });
  });

  it('reads the explanations in the instructions', () => {
    const schema = z.object({ team: z.enum(['a1', 'b2']) });
    const instructions = 'Choose the team.\n- `a1` for gardens and trees\n- `b2` for pools and water';
    expect(ask(schema, 'There is a frog in the pool.', { instructions })).toEqual({ team: 'b2' });
    expect(ask(schema, 'The tree fell over.', { instructions })).toEqual({ team: 'a1' });
  });

  it('does not take what is denied', () => {
    const schema = z.object({ wish: z.enum(['balcony', 'bath']) });
    expect(ask(schema, 'I do not want a balcony. A bath is what I need.')).toEqual({ wish: 'bath' });
  });

  it.each([
    ['It is urgent, come at once!', 'high'],
    ['No rush, just curious.', 'low'],
    ['The lamp flickers.', 'normal'],
  ])('hears how pressing it is: %s', (input, expected) => {
    expect(ask(z.object({ priority: z.enum(['low', 'normal', 'high']) }), input)).toEqual({
      priority: expected,
    });
  });

  it('gives several where several fit, and none where none does', () => {
    const schema = z.object({ labels: z.array(z.enum(['noise', 'smell', 'heat'])) });
    expect(ask(schema, 'The noise and the heat were bad.').labels.sort()).toEqual(['heat', 'noise']);
    expect(ask(schema, 'All was well.')).toEqual({ labels: [] });
  });

  it('takes the alternative of a union that fits', () => {
    const schema = z.object({
      action: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('move'), bookingId: z.string() }),
        z.object({ kind: z.literal('apologise'), text: z.string() }),
      ]),
    });
    expect(ask(schema, 'Please move booking HB-7 to May.')).toEqual({
      action: { kind: 'move', bookingId: 'HB-7' },
    });
  });
});

describe('reviews', () => {
  const review = z.object({
    accepted: z.boolean(),
    issues: z.array(z.string()),
    verdict: z.enum(['accept', 'revise']),
    score: z.number().max(10),
  });

  it('find nothing to object to', () => {
    expect(ask(review, { letter: LETTER, draft: 'We are sorry and gave you another room.' })).toMatchObject({
      accepted: true,
      issues: [],
      verdict: 'accept',
    });
  });

  it('object to an empty text', () => {
    const { accepted, issues, score } = ask(review, { letter: LETTER, draft: '' });
    expect({ accepted, issues: issues.length, score }).toEqual({ accepted: false, issues: 1, score: 0 });
  });

  it('say yes to a question only where the text does', () => {
    const schema = z.object({
      mentionsNoise: z.boolean(),
      needsCall: z.boolean().describe('Whether to call the guest'),
    });
    expect(ask(schema, LETTER)).toEqual({ mentionsNoise: false, needsCall: true });
    expect(ask(schema, 'The noise was bad. Do not call me.')).toEqual({
      mentionsNoise: true,
      needsCall: false,
    });
  });
});

describe('lists', () => {
  it('has an object for each element that was given, and measures each by the question', () => {
    const schema = z.object({
      best: z.int(),
      scores: z.array(z.object({ id: z.string(), score: z.number(), reason: z.string() })),
    });
    const input = {
      question: 'How late is breakfast served?',
      candidates: [
        { id: 'x', text: 'The pool has warm water.' },
        { id: 'y', text: 'Breakfast is served until ten, on Sundays late until noon.' },
      ],
    };
    const { best, scores } = ask(schema, input);
    expect(best).toBe(1);
    expect(scores.map(({ id, reason }) => [id, reason])).toEqual([
      ['x', 'The pool has warm water.'],
      ['y', 'Breakfast is served until ten, on Sundays late until noon.'],
    ]);
    expect(scores[1]?.score).toBeGreaterThan(scores[0]?.score ?? 1);
  });

  it('has an object for each part of what is asked, which may depend on those before', () => {
    const schema = z.object({
      tasks: z.array(
        z.object({
          id: z.string(),
          worker: z.enum(['scout', 'scribe']).describe('scout: find, look up; scribe: write, letter'),
          input: z.string(),
          dependsOn: z.array(z.string()),
        }),
      ),
    });
    const { tasks } = ask(
      schema,
      'Find a hall for sixty people, find a band, then write a letter about both.',
    );
    expect(tasks).toEqual([
      { id: 'task-1', worker: 'scout', input: 'Find a hall for sixty people', dependsOn: [] },
      { id: 'task-2', worker: 'scout', input: 'find a band', dependsOn: [] },
      {
        id: 'task-3',
        worker: 'scribe',
        input: 'then write a letter about both',
        dependsOn: ['task-1', 'task-2'],
      },
    ]);
  });

  it('names the documents that answer', () => {
    const input = {
      question: 'How late is breakfast?',
      documents: [
        { id: 'S-1', text: 'The pool opens at nine in the morning.' },
        { id: 'S-2', text: 'Breakfast is served until ten in the morning.' },
      ],
    };
    const answer = ask(z.object({ answer: z.string(), citations: z.array(z.string()) }), input);
    expect(answer).toEqual({ answer: 'Breakfast is served until ten in the morning.', citations: ['S-2'] });
  });

  it('gathers what is asked, so that each can be understood by itself', () => {
    const schema = z.object({ questions: z.array(z.string()) });
    const body = 'We came late. Is it open? Please tell us at what hour breakfast ends on Sundays. Bye.';
    expect(ask(schema, { subject: 'The pool', body })).toEqual({
      questions: ['The pool: Is it open?', 'Please tell us at what hour breakfast ends on Sundays.'],
    });
    expect(ask(schema, 'We came late.')).toEqual({ questions: [] });
  });

  it('finds numbers near their names', () => {
    const schema = z.object({
      guests: z.int(),
      nights: z.int().nullable(),
      discountPercent: z.number().nullable(),
    });
    expect(ask(schema, 'A table for 12 guests in room 7, 3 nights.')).toEqual({
      guests: 12,
      nights: 3,
      discountPercent: null,
    });
  });
});

it('answers another letter otherwise', () => {
  const schema = z.object({ summary: z.string(), topic: z.enum(['noise', 'heat']) });
  expect(ask(schema, 'The noise kept us awake.')).not.toEqual(ask(schema, 'The heat was too much for us.'));
});

it('finds the schema in the instructions where the provider takes none', () => {
  const schema = JSON.stringify(z.toJSONSchema(z.object({ nights: z.int() })));
  const request = requestFor('For 3 nights please.', {
    instructions: `Answer with JSON that fits:\n${schema}`,
  });
  expect(reply({ ...request, response_format: { type: 'json_object' } })).toEqual({
    kind: 'text',
    text: '{"nights":3}',
  });
});
