import { askText, requestFor, round } from './ask.js';
import { reply } from '../../../../src/dev/offline-model/responder.js';
import { parseEmbedded } from '../../../../src/dev/offline-model/embedded-json.js';
import { amountsIn, datesIn, identifiersIn, personIn } from '../../../../src/dev/offline-model/entities.js';
import { requestParts, sentences } from '../../../../src/dev/offline-model/sentences.js';
import { affirmedTerms, stem, words } from '../../../../src/dev/offline-model/words.js';

describe('answers in words', () => {
  const RULES = [
    {
      id: 'r1',
      text: 'Dogs may stay in rooms on the ground floor. Cats are welcome everywhere. Birds must be in a cage.',
    },
    { id: 'r2', text: 'The pool opens at nine. Children swim with an adult.' },
  ];

  function answer(question: string): string {
    const request = requestFor(question, {});
    request.messages.push(...round([{ name: 'rules', arguments: {} }], [RULES]));
    const said = reply(request);
    return said.kind === 'text' ? said.text : '';
  }

  it('are the sentences of the results that have to do with the question, in order', () => {
    expect(answer('Are dogs and cats allowed in the rooms?')).toBe(
      'Dogs may stay in rooms on the ground floor. Cats are welcome everywhere.',
    );
    expect(answer('When does the pool open?')).toBe('The pool opens at nine.');
  });

  it('tell records that have no prose', () => {
    const request = requestFor('Which room has booking HB-7?', {});
    request.messages.push(
      ...round([{ name: 'bookings', arguments: {} }], [[{ bookingId: 'HB-7', roomNumber: 12 }]]),
    );
    expect(reply(request)).toEqual({ kind: 'text', text: 'booking id: HB-7, room number: 12.' });
  });

  it("come from the user's own text where there is nothing else", () => {
    expect(askText('Hello. The guests of room 7 left the window open and the room is wet. Bye.')).toBe(
      'The guests of room 7 left the window open and the room is wet.',
    );
    expect(askText('')).toBe('Nothing in this conversation answers that.');
  });

  it('read material that comes with a question as the source', () => {
    const input = {
      question: 'When does the pool open?',
      notes: 'The pool opens at nine. Dinner is at seven.',
    };
    expect(askText(input)).toBe('The pool opens at nine.');
  });
});

describe('sentences', () => {
  it('split text, lists and headings', () => {
    expect(sentences('# Title\n- One e.g. Two. Three?\n2) It costs 3.50 now. "Yes." 4 left!')).toEqual([
      'Title',
      'One e.g. Two.',
      'Three?',
      'It costs 3.50 now.',
      '"Yes."',
      '4 left!',
    ]);
  });

  it('split a request into its parts', () => {
    expect(requestParts('Buy bread and milk.')).toEqual(['Buy bread and milk.']);
    expect(requestParts('Find a hall, ask a band and then write to all.')).toEqual([
      'Find a hall',
      'ask a band',
      'then write to all',
    ]);
    expect(requestParts('Do this:\n1. Find a hall.\n2. Ask a band.')).toEqual([
      'Find a hall.',
      'Ask a band.',
    ]);
  });
});

describe('words', () => {
  it('split identifiers, and bring forms of a word together', () => {
    expect(words("orderId order_id the guest's Über-Zimmer2 don't")).toEqual([
      'order',
      'id',
      'order',
      'id',
      'the',
      'guest',
      'über',
      'zimmer2',
      'do',
      'not',
    ]);
    for (const forms of [
      'charge charges charged charging',
      'cancel cancelled cancellation cancels',
      'pay payment',
      'reply replies',
      'box boxes',
    ]) {
      expect(new Set(forms.split(' ').map(stem)).size).toBe(1);
    }
  });

  it('know what is denied', () => {
    expect([...affirmedTerms("It isn't loud. I do not want a new room, but towels.")].sort()).toEqual([
      'towel',
    ]);
  });
});

describe('things in texts', () => {
  it('JSON amid prose', () => {
    expect(parseEmbedded('Look [1]: {"a": "}"} and ```json\n[{"b": 2}]\n``` {oops}')).toEqual({
      values: [{ a: '}' }, [{ b: 2 }]],
      prose: expect.stringMatching(/^Look \[1\]:\s+and\s+\{oops\}$/),
    });
  });

  it('identifiers, amounts, dates and names', () => {
    expect(identifiersIn('A-1001, #4711 and task_7, not 2024 or x@y1.example')).toEqual([
      'A-1001',
      '4711',
      'task_7',
    ]);
    expect(
      amountsIn('2 x $1,129.50 for HB-7 on 2031-06-04, 5 EUR').map(({ value, money }) => [value, money]),
    ).toEqual([
      [2, false],
      [1129.5, true],
      [5, true],
    ]);
    expect(datesIn('2031-06-04, June 4, 2031, 4th June 2031 and 4 x 2031')).toEqual(
      Array(3).fill('2031-06-04'),
    );
    expect(personIn('My name is Mira Stone and I am tired.')).toBe('Mira Stone');
    expect(personIn('All well.\nThanks,\nMira')).toBe('Mira');
  });
});
