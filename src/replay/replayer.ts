import { setTimeout as delay } from 'node:timers/promises';
import { Worker, type ReplayResult, type ReplayWorkerOptions } from '@temporalio/worker';
import type { temporal } from '@temporalio/proto';
import { headOf } from './history-head.js';
import { readBreak, type Break } from './read-break.js';

export type Verdict =
  | { kind: 'replayed' }
  | { kind: 'broken'; why: Break }
  /** No code has run yet that could be compared. */
  | { kind: 'empty' }
  /** What it keeps elsewhere is not there. */
  | { kind: 'unreadable'; why: string };

type History = temporal.api.history.v1.History;
type Given = { history: History; workflowId: string };

/** Replays histories one after the other, on one worker for as long as that works. */
export class Replayer {
  private session: Session | undefined;

  /** @param timeout milliseconds after which a replay counts as one that does not end */
  constructor(
    private readonly options: ReplayWorkerOptions,
    private readonly timeout: number,
  ) {}

  async replay(history: History): Promise<Verdict> {
    // Temporal's core would wait for more of it.
    if (!history.events.some((event) => event.workflowTaskCompletedEventAttributes)) return { kind: 'empty' };
    const error = await this.errorOf({ history, workflowId: headOf(history).workflowId });
    if (!error) return { kind: 'replayed' };
    const why = readBreak(error, history);
    return isStorage(error) ? { kind: 'unreadable', why: why.message } : { kind: 'broken', why };
  }

  async close(): Promise<void> {
    await this.session?.close();
    this.session = undefined;
  }

  private async errorOf(given: Given): Promise<Error | undefined> {
    this.session ??= new Session(this.options);
    const controller = new AbortController();
    const late = delay(this.timeout, 'late' as const, { signal: controller.signal });
    late.catch(() => undefined);
    try {
      const result = await Promise.race([this.session.replay(given), late]);
      if (result !== 'late') return result.error;
      // Its worker cannot be stopped, as it waits; the process goes on without it.
      this.session = undefined;
      return new Error(`the replay did not come to an end within ${this.timeout / 1000} s`);
    } catch (error) {
      // The worker is lost with it; the histories to come get another.
      this.session = undefined;
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      controller.abort();
    }
  }
}

/** Whether a value could not be read that is kept outside of the history: then no code has been compared. */
function isStorage({ message }: Error): boolean {
  return /r#type: "Storage(Missing|Unavailable)"/.test(message);
}

/** One worker that replays what it is given. */
class Session {
  private readonly histories = new TransformStream<Given, Given>();
  private readonly writer = this.histories.writable.getWriter();
  private readonly results: AsyncIterableIterator<ReplayResult>;

  constructor(options: ReplayWorkerOptions) {
    // In debug mode, the default of a replay, code that never ends would block this thread for ever.
    const threaded = { ...options, workflowThreadPoolSize: 1, debugMode: false };
    this.results = Worker.runReplayHistories(threaded, this.histories.readable);
  }

  async replay(given: Given): Promise<ReplayResult> {
    this.writer.write(given).catch(() => undefined);
    const { done, value } = await this.results.next();
    if (done) throw new Error('the worker of the replay ended');
    return value as ReplayResult;
  }

  async close(): Promise<void> {
    this.writer.close().catch(() => undefined);
    await this.results.next();
  }
}
