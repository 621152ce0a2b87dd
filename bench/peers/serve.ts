import type { Job } from './job.js';

/** What the process of a contender's worker can do. Each resolves when the run has ended, and rejects where it failed. */
export interface Performer {
  run(job: Job): Promise<unknown>;
  /** Waits for a run that another process started, and does nothing for it. */
  wait(job: Job): Promise<unknown>;
  /** Where an interrupted run needs a call of the application to go on: that call. */
  resume?(job: Job): Promise<unknown>;
}

export type Verb = keyof Performer;

export type ToWorker = { id: number; verb: Verb; job: Job };
export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'tool'; run: string; turn: number }
  | { kind: 'answer'; id: number; failure?: string };

/** Answers the process that started this one, until it is gone. */
export function serve(performer: Performer): void {
  process.on('message', ({ id, verb, job }: ToWorker) => {
    const answer = (failure?: string) =>
      process.send?.({
        kind: 'answer',
        id,
        ...(failure === undefined ? {} : { failure }),
      } satisfies FromWorker);
    const work = performer[verb];
    if (!work) return void answer(`there is no ${verb} here`);
    work(job).then(
      () => answer(),
      (error: unknown) => answer(messageOf(error)),
    );
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ kind: 'ready' } satisfies FromWorker);
}

/** With the causes, where engines put what happened. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
}
