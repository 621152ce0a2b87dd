import { z } from 'zod';
import { ask } from './ask.js';

describe('labels that come with the request', () => {
  const rooms = ['lake_room', 'garden_room', 'parking_space'];
  const asks = [
    { n: 1, text: 'Is there a room with a view of the lake?' },
    { n: 2, text: 'Where can I leave my car, is there parking?' },
    { n: 3, text: 'Good evening!' },
  ];
  const Choice = z.object({ n: z.int(), label: z.string(), confidence: z.number().min(0).max(1) });

  it('are chosen from, for each element of a list, and the confidence is how sure the choice is', () => {
    const { answers } = ask(z.object({ answers: z.array(Choice) }), { labels: rooms, asks });
    expect(answers.map(({ n, label }) => [n, label]).slice(0, 2)).toEqual([
      [1, 'lake_room'],
      [2, 'parking_space'],
    ]);
    const [lake, parking, nothing] = answers.map(({ confidence }) => confidence);
    expect(lake).toBeGreaterThan(parking ?? 1);
    expect(parking).toBeGreaterThan(0);
    expect(nothing).toBe(0);
  });

  it('may be explained by an object of texts, and named by the description of a slot', () => {
    const places = { north: 'stables and horses', south: 'boats, harbour and swimming' };
    const schema = z.object({
      goTo: z.string().describe('The one of `places` that fits'),
      others: z.array(z.string()).describe('All of `places` that come into question'),
      score: z.number(),
    });
    const said = ask(schema, { places, wish: 'We would like to hire boats.' });
    expect(said).toMatchObject({ goTo: 'south', others: ['south'] });
    expect(said.score).toBeGreaterThan(0);
  });

  it('are not taken from a list of whole sentences that only has a similar name', () => {
    const note = ask(z.object({ note: z.string() }), {
      notes: ['The guests of room 4 asked for a cot.', 'The lift is out of order until Friday.'],
      question: 'When does the lift work again?',
    });
    expect(note.note).toContain('lift');
  });
});
