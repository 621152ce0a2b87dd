import { setTimeout as pause } from 'node:timers/promises';
import { chatsOf } from '../../support/recording.js';
import { describeShared } from '../../support/shared-data.js';
import { answerTo, chunk, DONE, onWire, served } from './stream-server.js';

const USAGE = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };

describe('a streamed answer', () => {
  it('is asked for with its usage', async () => {
    const { body } = await served((response) => void response.end(DONE));
    expect(body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it.each<[string, string[], object]>([
    [
      'of text',
      [
        chunk({ role: 'assistant', content: '' }),
        chunk({ content: 'he' }),
        chunk({ content: 'llo' }),
        chunk({}, 'stop'),
      ],
      { message: { role: 'assistant', text: 'hello' }, finish: 'stop' },
    ],
    [
      'with usage in a last piece without choices',
      [chunk({ content: 'hi' }), chunk({}, 'stop'), onWire({ choices: [], usage: USAGE })],
      { usage: { input: 5, output: 3 } },
    ],
    [
      'with usage that grows in each piece',
      [
        onWire({ choices: [{ delta: { content: 'h' } }], usage: { prompt_tokens: 5, completion_tokens: 1 } }),
        onWire({ choices: [{ delta: { content: 'i' }, finish_reason: 'stop' }], usage: USAGE }),
      ],
      { message: { role: 'assistant', text: 'hi' }, usage: { input: 5, output: 3 } },
    ],
    ['without usage', [chunk({ content: 'hi' }, 'stop')], { usage: { input: 0, output: 0 } }],
    [
      'with text in parts',
      [
        chunk({ content: [{ type: 'thinking' }, { type: 'text', text: 'h' }] }),
        chunk({ content: 'i' }, 'stop'),
      ],
      { message: { role: 'assistant', text: 'hi' } },
    ],
    [
      'with a refusal',
      [chunk({ refusal: 'I ' }), chunk({ refusal: 'cannot.' }, 'stop')],
      { message: { role: 'assistant', refusal: 'I cannot.' } },
    ],
    ['cut by its length', [chunk({ content: 'h' }, 'length')], { finish: 'length' }],
    ['filtered', [chunk({ content: 'h' }, 'content_filter')], { finish: 'filter' }],
    [
      'whose finish reason is empty up to the last piece',
      [chunk({ content: 'h' }, ''), chunk({}, 'stop')],
      { finish: 'stop' },
    ],
    ['without a finish reason', [chunk({ content: 'hi' })], { message: { role: 'assistant', text: 'hi' } }],
    [
      'with comments and empty pieces',
      [': wait\n\n', onWire(null), onWire({ choices: [] }), chunk({ content: 'hi' })],
      { message: { text: 'hi' } },
    ],
    [
      'with line ends of another kind',
      [chunk({ content: 'h' }).replaceAll('\n', '\r\n'), chunk({ content: 'i' }).replaceAll('\n', '\r')],
      { message: { text: 'hi' } },
    ],
    [
      'with pieces over several lines, and other fields',
      ['id: 1\nevent: chunk\ndata: {"choices":[{\ndata:"delta":{"content":"hi"}}]}\nretry: 5\n\n'],
      { message: { text: 'hi' } },
    ],
  ])('%s', async (_, pieces, expected) => {
    expect(await answerTo(...pieces, DONE)).toMatchObject(expected);
  });

  it('is whole without the end mark where it says why it ended, also without a last line end', async () => {
    const pieces = [chunk({ content: 'hi' }), chunk({}, 'stop').trimEnd()];
    expect(await answerTo(...pieces)).toMatchObject({ message: { text: 'hi' } });
  });

  it('may come byte by byte', async () => {
    const text = chunk({ content: 'größer, 大' }).replaceAll('\n', '\r\n') + chunk({}, 'stop') + DONE;
    const { answer } = await served(async (response) => {
      for (const byte of Buffer.from(text)) {
        response.write(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
      response.end();
    });
    expect(answer).toMatchObject({ message: { text: 'größer, 大' } });
  });

  it.each<[string, string[], object]>([
    ['an error', [onWire({ error: { message: 'why' } })], { code: 'ProviderDown', message: 'why' }],
    [
      'an error of older vLLM',
      [onWire({ object: 'error', message: 'why', code: 400 })],
      { code: 'BadRequest', message: 'why' },
    ],
    [
      'an error in the choice',
      [onWire({ choices: [{ error: { code: 502, message: 'why' } }] })],
      { code: 'ProviderDown', status: 502 },
    ],
    ['the finish reason "error"', [chunk({ content: 'h' }), chunk({}, 'error')], { code: 'ProviderDown' }],
  ])('fails by %s', async (_, pieces, expected) => {
    expect(await answerTo(chunk({ content: 'hi' }), ...pieces, DONE)).toMatchObject(expected);
  });

  it.each<[string, string[]]>([
    ['with nothing in it', []],
    ['with comments only', [': wait\n\n']],
    ['that stops in the middle', [chunk({ content: 'h' }), chunk({ content: 'i' })]],
  ])('fails as a stream %s', async (_, pieces) => {
    expect(await answerTo(...pieces)).toEqual({
      code: 'ProviderDown',
      maybePaid: true,
      message: 'the stream stopped before the end of the answer',
    });
  });

  it('is not used where JSON came in the place of a stream and is cut', async () => {
    const { answer } = await served((response) => void response.end('{"choices":[{"message":{"content":"hi'));
    expect(answer).toMatchObject({ code: 'ProviderDown' });
  });
});

describe('the silence of a stream', () => {
  it('in the middle of the answer is half of the time-out at most', async () => {
    const { answer } = await served((response) => void response.write(chunk({ content: 'h' })), {
      timeout: 1000,
    });
    expect(answer).toEqual({
      code: 'ProviderDown',
      maybePaid: true,
      message: 'nothing came for 0.5 s in the middle of the answer',
    });
  });

  it('before the answer is thought', async () => {
    const { answer } = await served(
      async (response) => {
        response.write(chunk({ role: 'assistant', content: '' }));
        await pause(700);
        response.end(chunk({ content: 'hi' }) + DONE);
      },
      { timeout: 1200 },
    );
    expect(answer).toMatchObject({ message: { text: 'hi' } });
  });

  it('is broken by comments', async () => {
    const { answer } = await served(
      async (response) => {
        response.write(chunk({ content: 'h' }));
        for (let i = 0; i < 6; i++) {
          await pause(150);
          response.write(': wait\n\n');
        }
        response.end(chunk({ content: 'i' }) + DONE);
      },
      { timeout: 1200 },
    );
    expect(answer).toMatchObject({ message: { text: 'hi' } });
  });

  it('after the end mark does no harm', async () => {
    const { answer } = await served((response) => void response.write(chunk({ content: 'hi' }) + DONE));
    expect(answer).toMatchObject({ message: { text: 'hi' } });
  });
});

// Mostly: the end of a stream may be read a moment after the next request begins.
it('a connection is used again after a stream', async () => {
  const { connections } = await served((response) => void response.end(chunk({ content: 'hi' }) + DONE), {
    times: 5,
  });
  expect(connections).toBeLessThan(5);
});

describeShared('the recorded stream of OpenRouter', () => {
  it('ends by the error in it', async () => {
    const [chat] = chatsOf('err_sse_openrouter_midstream');
    expect(await answerTo(chat?.response.body ?? '')).toEqual({
      code: 'BadRequest',
      status: 400,
      message: 'Token limit reached',
    });
  });
});
