import { answerTo, chunk, DONE } from './stream-server.js';

const call = (piece: object) => chunk({ tool_calls: [piece] });
const [FIND, BOOK] = [
  { tool: 'find', arguments: '{"a":1}' },
  { tool: 'book', arguments: '{"b":2}' },
];

describe('a streamed answer', () => {
  it.each<[string, string[]]>([
    [
      'as OpenAI sends them',
      [
        call({ index: 0, id: 'x', type: 'function', function: { name: 'find', arguments: '' } }),
        call({ index: 0, function: { arguments: '{"a"' } }),
        call({ index: 0, function: { arguments: ':1}' } }),
        call({ index: 1, id: 'y', type: 'function', function: { name: 'book', arguments: '' } }),
        call({ index: 1, function: { arguments: '{"b":2}' } }),
      ],
    ],
    [
      'in turns',
      [
        chunk({
          tool_calls: [
            { index: 0, id: 'x', function: { name: 'find' } },
            { index: 1, id: 'y', function: { name: 'book' } },
          ],
        }),
        chunk({
          tool_calls: [
            { index: 1, function: { arguments: '{"b":' } },
            { index: 0, function: { arguments: '{"a":' } },
          ],
        }),
        call({ index: 1, function: { arguments: '2}' } }),
        call({ index: 0, function: { arguments: '1}' } }),
      ],
    ],
    [
      'whole in one piece, without numbers',
      [
        chunk({
          tool_calls: [
            { id: 'x', function: { name: 'find', arguments: '{"a":1}' } },
            { id: 'y', function: { name: 'book', arguments: '{"b":2}' } },
          ],
        }),
      ],
    ],
    [
      'without numbers and ids, in pieces',
      [
        call({ function: { name: 'find', arguments: '{"a"' } }),
        call({ function: { arguments: ':1}' } }),
        call({ function: { name: 'book', arguments: '{"b":2}' } }),
      ],
    ],
    [
      'by their ids, without numbers',
      [
        call({ id: 'x', function: { name: 'find', arguments: '{"a"' } }),
        call({ id: 'y', function: { name: 'book', arguments: '{"b"' } }),
        call({ id: 'x', function: { arguments: ':1}' } }),
        call({ id: 'y', function: { arguments: ':2}' } }),
      ],
    ],
    [
      'all of them with the number 0',
      [
        call({ index: 0, id: 'x', function: { name: 'find', arguments: '{"a":1}' } }),
        call({ index: 0, id: 'y', function: { name: 'book', arguments: '{"b":2}' } }),
      ],
    ],
    [
      'all of them with the number 0 and an empty id',
      [
        chunk({
          tool_calls: [
            { index: 0, id: '', function: { name: 'find', arguments: '{"a":1}' } },
            { index: 0, id: '', function: { name: 'book', arguments: '{"b":2}' } },
          ],
        }),
      ],
    ],
    [
      'with another id in each piece',
      [
        call({ index: 0, id: 'x1', function: { name: 'find', arguments: '' } }),
        call({ index: 0, id: 'x2', function: { arguments: '{"a":1}' } }),
        call({ index: 1, id: 'y1', function: { name: 'book', arguments: '{"b"' } }),
        call({ index: 1, id: 'y2', function: { name: null, arguments: ':2}' } }),
      ],
    ],
    [
      'with id and name in each piece',
      [
        call({ index: 0, id: 'x', function: { name: 'find', arguments: '{"a"' } }),
        call({ index: 0, id: 'x', function: { name: 'find', arguments: ':1}' } }),
        call({ index: 1, id: 'y', function: { name: 'book', arguments: '{"b":2}' } }),
      ],
    ],
    [
      'with an object as arguments',
      [
        call({ index: 0, id: 'x', function: { name: 'find', arguments: { a: 1 } } }),
        call({ index: 1, id: 'y', function: { name: 'book', arguments: { b: 2 } } }),
      ],
    ],
  ])('has its calls %s', async (_, pieces) => {
    expect(await answerTo(...pieces, chunk({}, 'tool_calls'), DONE)).toMatchObject({
      message: { role: 'assistant', calls: [FIND, BOOK] },
    });
  });

  it('has a call without arguments', async () => {
    expect(await answerTo(call({ index: 0, id: 'x', function: { name: 'find' } }), DONE)).toMatchObject({
      message: { calls: [{ tool: 'find', arguments: '' }] },
    });
  });
});
