import type { Message } from '../../../src/agents/message.js';
import { Conversation } from '../../../src/activities/conversation.js';
import { digestOf } from '../../../src/activities/digest.js';
import { TranscriptCache } from '../../../src/activities/transcript-cache.js';
import { TranscriptReader } from '../../../src/activities/transcript-reader.js';
import { Transcripts } from '../../../src/workflows/transcript.js';
import { random } from './random.js';

const RUN = { workflowId: 'w', runId: 'r' };

/** A run's transcripts, and workers with caches of their own that read them. */
function fleet(workers: number, cacheBytes: number) {
  const transcripts = new Transcripts();
  let fetches = 0;
  const fetch = (_: typeof RUN, transcript: number, from: number, to: number): Promise<Message[]> => {
    fetches++;
    return Promise.resolve(
      transcripts
        .need(transcript)
        .from(from)
        .slice(0, to - from),
    );
  };
  const caches = Array.from({ length: workers }, () => new TranscriptCache(cacheBytes));
  const readers = caches.map((cache) => new TranscriptReader(cache, { fetch }));
  return { transcripts, caches, readers, fetches: () => fetches };
}

describe('a transcript read by a fleet of workers', () => {
  it.each(Array.from({ length: 12 }, (_, i) => i + 1))(
    'is what the run holds, whatever the caches hold (seed %i)',
    async (seed) => {
      const next = random(seed);
      const { transcripts, caches, readers } = fleet(3, 30_000);
      const open = [transcripts.open(), transcripts.open()];
      const truth = open.map((): Message[] => []);
      for (let step = 0; step < 120; step++) {
        const i = Math.floor(next() * open.length);
        const [transcript, messages] = [open[i], truth[i]];
        if (!transcript || !messages) throw new Error('no transcript');
        const worker = Math.floor(next() * readers.length);
        const make = (text: string): Message =>
          next() < 0.3
            ? { role: 'user', content: text }
            : { role: 'assistant', text: text + 'x'.repeat(Math.floor(next() * 2_000)) };
        for (let n = 1 + Math.floor(next() * 3); n > 0; n--) {
          const message = make(`${step}.${n}`);
          // An activity's message comes with its digest, and its worker remembers it, and perhaps a lost attempt's one.
          const byActivity = message.role === 'assistant';
          if (byActivity && next() < 0.7) caches[worker]?.rememberMessage(message);
          if (next() < 0.3) caches[Math.floor(next() * caches.length)]?.rememberMessage(make('lost'));
          transcript.append(message, byActivity ? digestOf(message) : undefined);
          messages.push(message);
        }
        // A lost attempt may even have left a wrong prefix.
        if (next() < 0.1)
          caches[worker]?.rememberPrefix(
            `r/${transcript.id}`,
            Conversation.EMPTY.append([make('wrong'), make('wrong')]),
          );
        const read = await readers[worker]?.read(RUN, { transcript: transcript.id, ...transcript.news() });
        expect(read?.messages).toEqual(messages);
        transcript.seen(read?.head ?? '');
      }
    },
  );

  it('is not fetched where one worker takes every turn', async () => {
    const { transcripts, caches, readers, fetches } = fleet(1, 1_000_000);
    const transcript = transcripts.open();
    transcript.append({ role: 'user', content: 'Hello' });
    for (let turn = 0; turn < 20; turn++) {
      const read = await readers[0]?.read(RUN, { transcript: 1, ...transcript.news() });
      transcript.seen(read?.head ?? '');
      const answer: Message = { role: 'assistant', text: `answer ${turn}` };
      transcript.append(answer, caches[0]?.rememberMessage(answer));
    }
    expect(fetches()).toBe(0);
  });

  it('fails, to be tried again, where the run does not hold what its turn names', async () => {
    const { transcripts, readers } = fleet(1, 1_000_000);
    transcripts.open().append({ role: 'assistant', text: 'this' }, digestOf('another'));
    const wanted = { transcript: 1, appended: [digestOf('another')] };
    await expect(readers[0]?.read(RUN, wanted)).rejects.toMatchObject({
      type: 'TranscriptUnavailable',
      nonRetryable: false,
    });
  });
});
