import { z } from 'zod';
import { reply } from '../../../../src/dev/offline-model/responder.js';
import { ask, formatOf, requestFor, round } from './ask.js';

describe('what was found', () => {
  const found = [
    { page: 'P-1', text: 'The Boat Trips of Summer\nThe boat leaves at nine. A boat trip costs 12 francs.' },
    { page: 'P-2', text: 'Breakfast is served from seven. Tea is free.' },
  ];
  const asking = (schema: z.ZodType) => {
    const request = requestFor('What does a boat trip cost?', {});
    request.messages.push(...round([{ name: 'searchPages', arguments: {} }], [{ pages: found }]));
    const said = reply({ ...request, response_format: formatOf(schema) });
    return said.kind === 'text' ? (JSON.parse(said.text) as unknown) : said;
  };

  it('is quoted word for word, one sentence of each, where it has to do with the question', () => {
    const schema = z.object({ findings: z.array(z.object({ page: z.string(), quote: z.string() })) });
    expect(asking(schema)).toEqual({ findings: [{ page: 'P-1', quote: 'A boat trip costs 12 francs.' }] });
  });

  it('is kept whole where the list is not of what answers', () => {
    const schema = z.object({ entries: z.array(z.object({ page: z.string() })) });
    expect(asking(schema)).toEqual({ entries: [{ page: 'P-1' }, { page: 'P-2' }] });
  });
});

it('makes one element for each that its ids refer to, with the id of that', () => {
  const schema = z.object({
    points: z.array(z.object({ summary: z.string(), noteIds: z.array(z.string()) })),
  });
  const notes = [
    { id: 'N1', text: 'The pool is too cold for children.' },
    { id: 'N2', text: 'The garden is open until midnight.' },
  ];
  expect(ask(schema, { question: 'What do guests say?', notes })).toEqual({
    points: [
      { summary: 'The pool is too cold for children.', noteIds: ['N1'] },
      { summary: 'The garden is open until midnight.', noteIds: ['N2'] },
    ],
  });
});
