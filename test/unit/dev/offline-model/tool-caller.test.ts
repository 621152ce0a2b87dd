import { z } from 'zod';
import { converse, requestFor, round, tool } from './ask.js';
import { reply } from '../../../../src/dev/offline-model/responder.js';

const bookings = tool('bookings', "A guest's bookings, newest first", z.object({ email: z.string() }));
const findBookings = tool('findBookings', "Find a guest's bookings", z.object({ email: z.string() }));
const searchHouse = tool(
  'searchHouse',
  'Search the house rules',
  z.object({ query: z.string(), limit: z.int().optional() }),
);
const roomPlan = tool('getRoomPlan', 'Where the room of a booking is', z.object({ bookingId: z.string() }));
const moveGuest = tool(
  'moveGuest',
  'Moves a guest to another room',
  z.object({ bookingId: z.string(), reason: z.string() }),
);
const sendLetter = tool(
  'sendLetter',
  'Sends a letter to a guest',
  z.object({ to: z.string(), text: z.string() }),
);

const HANDLERS = {
  findBookings: () => [{ id: 'HB-7', room: 'street side' }],
  searchHouse: () => [{ id: 'r1', text: 'A guest who cannot sleep may move to another room.' }],
  getRoomPlan: () => ({ floor: 2 }),
  moveGuest: () => ({ moved: true }),
  sendLetter: () => ({ sent: true }),
};
const ALL = [findBookings, searchHouse, roomPlan, moveGuest, sendLetter];

function calledBy(input: string, tools = ALL, instructions = 'Help the guest.'): string[][] {
  return converse(requestFor(input, { instructions, tools }), HANDLERS).map((calls) =>
    calls.map(({ name }) => name),
  );
}

describe('tools that only look', () => {
  it('are called in parallel, each once, as soon as their arguments are known', () => {
    const request = requestFor('mira@example.org: my room is loud, what can be done?', { tools: ALL });
    expect(converse(request, HANDLERS)).toEqual([
      [
        { name: 'findBookings', arguments: { email: 'mira@example.org' } },
        { name: 'searchHouse', arguments: { query: 'room loud' } },
      ],
      [{ name: 'getRoomPlan', arguments: { bookingId: 'HB-7' } }],
    ]);
  });

  it('are not called without what they need', () => {
    expect(calledBy('My room is loud.', [findBookings, roomPlan])).toEqual([]);
  });

  it('are recognised by their description where the name is a noun', () => {
    expect(
      calledBy('mira@example.org', [tool('bookings', 'Find bookings', z.object({ email: z.string() }))]),
    ).toEqual([['bookings']]);
    expect(calledBy('mira@example.org: show my bookings', [bookings])).toEqual([['bookings']]);
  });

  it('are called again for the next message of the user, but never with the same arguments', () => {
    const request = requestFor('Is breakfast early?', { tools: [searchHouse] });
    const [first] = converse(request, HANDLERS);
    const done = [
      ...request.messages,
      ...round(first ?? [], [[]]),
      { role: 'assistant', content: 'At seven.' },
    ];
    const same = reply({ ...request, messages: [...done, { role: 'user', content: 'Is breakfast early?' }] });
    expect(same.kind).toBe('text');
    const other = reply({ ...request, messages: [...done, { role: 'user', content: 'And dinner?' }] });
    expect(other.kind).toBe('calls');
  });
});

describe('tools that change something', () => {
  it('are called after the others, if the user asks for it', () => {
    expect(calledBy('I cannot sleep in HB-7, please move me.')).toEqual([
      ['searchHouse', 'getRoomPlan'],
      ['moveGuest'],
    ]);
  });

  it('are left alone otherwise', () => {
    expect(calledBy('Where is the room of booking HB-7?').flat()).not.toContain('moveGuest');
    expect(calledBy('Do not move me from HB-7, I only want to know the floor.').flat()).not.toContain(
      'moveGuest',
    );
  });

  it('are called if the instructions say so, and their condition is about what the user says', () => {
    const always = 'Look it up, then call sendLetter.';
    const never = 'You must not call sendLetter.';
    const loud = 'If the room is loud at night, use sendLetter.';
    const letter = 'mira@example.org: my room is loud every night.';
    expect(calledBy(letter, ALL, always).flat()).toContain('sendLetter');
    expect(calledBy(letter, ALL, never).flat()).not.toContain('sendLetter');
    expect(calledBy(letter, ALL, loud).flat()).toContain('sendLetter');
    expect(calledBy('mira@example.org: is there tea?', ALL, loud).flat()).not.toContain('sendLetter');
  });

  it('hand over to the one whose subject it is', () => {
    const tools = [
      tool('handoff_to_kitchen', 'Breakfast, dinner, allergies'),
      tool('handoff_to_desk', 'Keys, rooms and invoices of guests'),
    ];
    expect(calledBy('I lost the keys of two rooms.', tools)).toEqual([['handoff_to_desk']]);
    expect(calledBy('Who painted the picture?', tools)).toEqual([]);
  });
});

describe('functions that end the model’s own work', () => {
  const toDesk = tool(
    'transfer_to_desk',
    'Hands the conversation over to desk: keys, rooms and invoices of guests',
  );
  const toKitchen = tool(
    'transfer_to_kitchen',
    'Hands the conversation over to kitchen: breakfast, dinner, allergies',
  );
  const reject = tool(
    'reject_input',
    'Says that the input you were given cannot be used',
    z.object({ reason: z.string() }),
  );

  it('are left alone where the words only sound like them', () => {
    expect(calledBy('My card was rejected, for whatever reason.', [reject, toDesk])).toEqual([]);
    expect(calledBy('Please reject the input.', [reject])).toEqual([]);
    expect(calledBy('Who painted the picture?', [reject, toDesk, toKitchen])).toEqual([]);
  });

  it('are called where the instructions say so', () => {
    const request = requestFor('Broken.', { tools: [reject], instructions: 'Always call reject_input.' });
    expect(reply(request)).toMatchObject({ kind: 'calls', calls: [{ name: 'reject_input' }] });
  });

  it('hand over once: whoever has the conversation then answers', () => {
    const question = 'I lost the keys of two rooms, and want breakfast and dinner.';
    const request = requestFor(question, { tools: [toDesk] });
    const said = reply(request);
    expect(said).toMatchObject({ kind: 'calls', calls: [{ name: 'transfer_to_desk' }] });
    if (said.kind !== 'calls') return;
    const handed = [...request.messages, ...round(said.calls, ['The conversation goes on with desk.'])];
    // And does not answer with what it was told about the hand-off.
    const answer = reply({ messages: handed, tools: [toKitchen] });
    expect(answer).toEqual({ kind: 'text', text: question });
    const told = requestFor('You take over the conversation from kitchen.', { tools: [toKitchen] });
    told.messages.push({ role: 'user', content: question });
    expect(reply(told).kind).toBe('text');
  });
});

it('takes the result of a function that moves something else for what it is', () => {
  const request = requestFor('What is the balance?', {
    tools: [tool('transfer_money', 'Transfers money')],
  });
  request.messages.push(
    ...round([{ name: 'transfer_money', arguments: {} }], ['The balance is 12 euros now.']),
  );
  expect(reply(request)).toEqual({ kind: 'text', text: 'The balance is 12 euros now.' });
});

it('answers after three rounds', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const chain = names.map((name, index) =>
    tool(
      `get_${name}`,
      'Get the next',
      z.object({ [`${name}Id`]: z.string().describe(`e.g. ${name}-${index}`) }),
    ),
  );
  const handlers = Object.fromEntries(
    names.map((name, index) => [
      `get_${name}`,
      () => ({ [`${names[index + 1] ?? 'z'}Id`]: `${names[index + 1] ?? 'z'}-1` }),
    ]),
  );
  expect(converse(requestFor('Start with a-1.', { tools: chain }), handlers)).toHaveLength(3);
});

it('learns nothing from an error', () => {
  const request = requestFor('Find the rules on dogs.', { tools: [searchHouse] });
  request.messages.push(
    ...round(
      [{ name: 'searchHouse', arguments: { query: 'dogs' } }],
      ['Error: the rules on dogs are closed'],
    ),
  );
  expect(reply(request)).toEqual({ kind: 'text', text: 'Find the rules on dogs.' });
});

describe('tool_choice', () => {
  it('none: no call', () => {
    expect(reply(requestFor('Is there tea?', { tools: [searchHouse], tool_choice: 'none' })).kind).toBe(
      'text',
    );
  });

  it('required, or a name: a call, made up if need be', () => {
    const required = reply(requestFor('Is there tea?', { tools: [moveGuest], tool_choice: 'required' }));
    expect(required).toMatchObject({ kind: 'calls', calls: [{ name: 'moveGuest' }] });
    const named = reply(
      requestFor('Is there tea?', {
        tools: ALL,
        tool_choice: { type: 'function', function: { name: 'sendLetter' } },
      }),
    );
    expect(named).toMatchObject({ kind: 'calls', calls: [{ name: 'sendLetter' }] });
  });
});
