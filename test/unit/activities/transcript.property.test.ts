import fc from 'fast-check';
import type { Message } from '../../../src/agents/message.js';
import { Conversation } from '../../../src/activities/conversation.js';
import { chain, digestOf } from '../../../src/activities/digest.js';
import { TranscriptCache } from '../../../src/activities/transcript-cache.js';
import { TranscriptReader } from '../../../src/activities/transcript-reader.js';
import { Transcripts, type Transcript } from '../../../src/workflows/transcript.js';

const RUN = { workflowId: 'w', runId: 'r' };
const WORKERS = 2;

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constant('user' as const), content: fc.oneof(fc.string(), fc.constant({ a: 1 })) }),
  fc.record({ role: fc.constant('assistant' as const), text: fc.string({ size: 'medium' }) }),
  fc.record({
    role: fc.constant('tool' as const),
    call: fc.nat(3),
    tool: fc.constant('find'),
    content: fc.string({ size: 'medium' }),
  }),
);

/** `at` picks the transcript, `worker` who does it. */
const at = { at: fc.nat(), worker: fc.nat(WORKERS - 1) };
const step = fc.oneof(
  fc.record({ ...at, kind: fc.constant('append' as const), message, kept: fc.boolean() }),
  fc.record({ ...at, kind: fc.constant('turn' as const) }),
  fc.record({ ...at, kind: fc.constant('fork' as const), length: fc.nat() }),
  fc.record({ ...at, kind: fc.constant('take' as const), from: fc.nat() }),
  fc.record({ ...at, kind: fc.constant('restart' as const) }),
  fc.record({ ...at, kind: fc.constant('mislead' as const), message }),
  fc.record({ ...at, kind: fc.constant('handOver' as const) }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A run's transcripts, what they must hold, and workers that come and go. */
class Scene {
  readonly transcripts = new Transcripts();
  readonly truth = new Map<Transcript, Message[]>();
  private readonly caches = Array.from({ length: WORKERS }, newCache);

  open(messages: Message[] = []): Transcript {
    const transcript = this.transcripts.open();
    this.truth.set(transcript, messages);
    return transcript;
  }

  pick(place: number): [Transcript, Message[]] {
    const all = [...this.truth];
    const picked = all[place % all.length];
    if (!picked) throw new Error('no transcript');
    return picked;
  }

  cache(worker: number): TranscriptCache {
    return this.caches[worker] ?? newCache();
  }

  restart(worker: number): void {
    this.caches[worker] = newCache();
  }

  /** What a worker makes of the next turn's input. */
  read(transcript: Transcript, worker: number): Promise<Conversation> {
    const reader = new TranscriptReader(this.cache(worker), { fetch: this.fetch });
    return reader.read(RUN, { transcript: transcript.id, ...transcript.news() });
  }

  /** As the run's history holds them. */
  readonly fetch = (_: unknown, transcript: number, from: number, to: number): Promise<Message[]> =>
    Promise.resolve(
      this.transcripts
        .need(transcript)
        .from(from)
        .slice(0, to - from),
    );
}

const newCache = () => new TranscriptCache(20_000);

describe('the transcripts of a run', () => {
  test('are the same for every worker, whatever is said, forked, taken over, forgotten or remembered wrong', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const scene = new Scene();
        scene.open();
        for (const todo of steps) await perform(scene, todo);
        for (const [transcript, messages] of scene.truth) {
          expect(transcript.from(0)).toEqual(messages);
          expect(await scene.fetch(RUN, transcript.id, 0, messages.length)).toEqual(messages);
          expect((await scene.read(transcript, 0)).messages).toEqual(messages);
        }
      }),
    );
  });
});

async function perform(scene: Scene, todo: Step): Promise<void> {
  const [transcript, messages] = scene.pick(todo.at);
  switch (todo.kind) {
    case 'append': {
      // A user's message comes from the workflow, any other from an activity, whose worker may remember it.
      const digest = todo.message.role === 'user' ? undefined : digestOf(todo.message);
      if (digest !== undefined && todo.kept) scene.cache(todo.worker).rememberMessage(todo.message);
      transcript.append(todo.message, digest);
      messages.push(todo.message);
      return;
    }
    case 'turn': {
      const read = await scene.read(transcript, todo.worker);
      expect(read.messages).toEqual(messages);
      expect(read.head).toBe(messages.reduce((head, one) => chain(head, digestOf(one)), ''));
      transcript.seen(read.head);
      return;
    }
    case 'fork': {
      // Up to where it was seen, or before: then all of it is told again.
      const { known, view } = transcript;
      const length = Math.min(known?.length ?? 0, todo.length);
      const isWhole = length === known?.length;
      scene
        .open(messages.slice(0, length))
        .fork(transcript, { length, known: isWhole ? known : undefined, view });
      return;
    }
    case 'take': {
      const from = todo.from % (messages.length + 1);
      scene.open(messages.slice(from)).take(transcript, from);
      return;
    }
    case 'restart':
      return scene.restart(todo.worker);
    case 'mislead':
      return scene
        .cache(todo.worker)
        .rememberPrefix(`r/${transcript.id}`, Conversation.EMPTY.append([todo.message, ...messages]));
    case 'handOver': {
      const { from, messages: handed, digests } = transcript.handOver();
      scene.cache(todo.worker).rememberFrom(`r/${transcript.id}`, from, handed, digests);
      return;
    }
    default:
      return todo satisfies never;
  }
}
