import { cutResult } from '../../../agents/cut-result.js';
import type { Json } from '../../../agents/json.js';
import type { PlannedTask } from '../../../agents/plan.js';
import type { PlanLimits } from '../../../agents/plan-limits.js';
import type { FailureInfo } from '../../fail.js';

/** Of outputs that are shown together. A payload has 2 MB at most. */
export const OUTPUT_BYTES = 700_000;

/** What is to be done better, and the output that was not good enough. */
export interface Revision {
  output: Json;
  reasons: string[];
}

/** A task on the board. */
export class BoardTask {
  state: 'waiting' | 'running' | 'done' | 'failed' = 'waiting';
  /** The last good output. */
  output: Json = null;
  /** Counts the good outputs: 0 where there is none yet. */
  version = 0;
  /** Versions of what it needs that it was given when it last ran. */
  took: ReadonlyMap<string, number> = new Map();
  /** Why it is to be done again. */
  revision: Revision | undefined;
  /** Why it failed; while it waits: why it rejected what it was given. */
  failure: FailureInfo | undefined;
  runs = 0;
  revisions = 0;
  retries = 0;

  constructor(readonly spec: PlannedTask) {}

  get id(): string {
    return this.spec.id;
  }
}

/**
 * The state of a plan: which tasks there are, what each waits for, and which one is next. It knows nothing of workflows.
 *
 * Each output has a version, and each task knows the versions that it was given. So a task whose inputs were revised is done again,
 * and in the end every output is made of the last outputs of what it needs. A task that once gave a good output never fails: where
 * doing it again fails, the output stands.
 */
export class Board {
  readonly notes: string[] = [];
  private tasks: BoardTask[] = [];
  private runs = 0;

  constructor(
    private readonly limits: Pick<PlanLimits, 'tasks' | 'runs' | 'revisions' | 'retries'>,
    /** What is there from the beginning, by names that tasks may need. */
    readonly given: ReadonlyMap<string, Json> = new Map(),
  ) {}

  get all(): readonly BoardTask[] {
    return this.tasks;
  }

  get done(): BoardTask[] {
    return this.tasks.filter(({ version }) => version > 0);
  }

  /** Ids that tasks may need, and that new ones may not have. */
  get known(): ReadonlySet<string> {
    return new Set([...this.given.keys(), ...this.tasks.map(({ id }) => id)]);
  }

  /** How many more tasks there may be. */
  get room(): number {
    return this.limits.tasks - this.tasks.length;
  }

  /** Tasks that have still to be started, as far as is known. */
  get unstarted(): number {
    return this.tasks.filter(({ state }) => state === 'waiting').length;
  }

  get mayRun(): boolean {
    return this.runs < this.limits.runs;
  }

  /** Whether something can be started. */
  get hasReady(): boolean {
    return this.next() !== undefined;
  }

  /** Whether nothing runs, and nothing can be started. */
  get isIdle(): boolean {
    return !this.hasReady && this.tasks.every(({ state }) => state !== 'running');
  }

  /** Whether nothing goes on though something is not done. */
  get isStalled(): boolean {
    return this.isIdle && this.tasks.some(({ version }) => version === 0);
  }

  /** The good outputs by id, so much of each that all together go into one payload. */
  get outputs(): ReadonlyMap<string, Json> {
    const { done } = this;
    return new Map(done.map(({ id, output }) => [id, cutResult(output, OUTPUT_BYTES / done.length).content]));
  }

  /** How far it is, in one line. */
  get progress(): string {
    const names = this.tasks.filter(({ state }) => state === 'running').map(({ id }) => id);
    const failed = this.tasks.filter(({ state }) => state === 'failed').length;
    return [
      `${this.tasks.filter(({ state }) => state === 'done').length} of ${this.tasks.length} tasks done`,
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(names.length > 0 ? [`at work: ${names.join(', ')}`] : []),
    ].join('; ');
  }

  /** Adds tasks that fit (see `problemsOf`). */
  add(tasks: readonly PlannedTask[]): void {
    this.tasks.push(...tasks.map((spec) => new BoardTask(spec)));
  }

  /** Takes away what is not done, for a new plan. */
  drop(): BoardTask[] {
    const dropped = this.tasks.filter(({ version }) => version === 0);
    this.tasks = this.done;
    return dropped;
  }

  /** Puts back what was there before, as there is no new plan. */
  restore(tasks: readonly BoardTask[]): void {
    this.tasks = [...tasks];
  }

  /** The outputs of what a task needs, by id. */
  inputsOf({ spec }: BoardTask): Record<string, Json> {
    return Object.fromEntries(
      spec.needs.map((id) => [id, this.given.get(id) ?? this.find(id)?.output ?? null]),
    );
  }

  /** Starts the next task whose inputs are there; undefined where there is none, or no more may run. */
  start(): BoardTask | undefined {
    const task = this.next();
    if (!task) return undefined;
    if (!this.mayRun) {
      this.stop();
      return undefined;
    }
    task.state = 'running';
    task.took = this.versionsFor(task);
    task.failure = undefined;
    task.runs++;
    this.runs++;
    return task;
  }

  finish(task: BoardTask, output: Json): void {
    task.state = 'done';
    task.output = output;
    task.version++;
    task.revision = undefined;
    this.failUnheard();
  }

  /** Its worker failed. A good output from before stands. */
  fail(task: BoardTask, failure: FailureInfo): void {
    task.revision = undefined;
    if (task.version > 0) {
      task.state = 'done';
      this.notes.push(
        `${task.id}: done again without success (${failure.code}: ${failure.message}); what it gave before holds`,
      );
    } else {
      task.state = 'failed';
      task.failure = failure;
    }
    this.failUnheard();
  }

  /** Has its worker try again; false where it was tried often enough. */
  retry(task: BoardTask): boolean {
    if (task.retries === this.limits.retries) return false;
    task.retries++;
    task.state = 'waiting';
    return true;
  }

  /** Has a task done again for a reason; false where it was done again often enough. */
  revise(task: BoardTask, output: Json, reason: string): boolean {
    if (task.revision && task.state === 'waiting') {
      task.revision.reasons.push(reason);
      return true;
    }
    if (task.revisions === this.limits.revisions) return false;
    task.revisions++;
    task.revision = { output, reasons: [reason] };
    task.state = 'waiting';
    return true;
  }

  /**
   * A task rejects what it was given: it goes back to the tasks that made it, to those which the reason names or else to all. Then
   * the task waits for what they make of it.
   * @returns false where none of them can be done again
   */
  sendBack(task: BoardTask, failure: FailureInfo, reason: string): boolean {
    if (!this.isFresh(task)) {
      // There is something better by now.
      task.state = 'waiting';
      return true;
    }
    const makers = task.spec.needs.flatMap((id) => this.find(id) ?? []);
    const named = makers.filter(({ id }) => new RegExp(`(^|[^\\w-])${id}($|[^\\w-])`).test(reason));
    const why = `the task "${task.id}" cannot use it: ${reason}`;
    const revised = (named.length > 0 ? named : makers).filter(
      (maker) => maker.state === 'running' || this.revise(maker, maker.output, why),
    );
    if (revised.length === 0) return false;
    task.state = 'waiting';
    task.failure = failure;
    return true;
  }

  private next(): BoardTask | undefined {
    const there = this.there();
    return this.tasks.find(
      ({ id, state, spec }) =>
        (state === 'waiting' || (state === 'done' && !there.has(id))) &&
        spec.needs.every((need) => there.has(need)),
    );
  }

  /** Ids of what is there to be built on: given, or done with the last outputs of what it needs. */
  private there(): Set<string> {
    const there = new Set(this.given.keys());
    const settles = (task: BoardTask) =>
      task.state === 'done' &&
      !there.has(task.id) &&
      task.spec.needs.every((id) => there.has(id)) &&
      this.isFresh(task);
    for (let settled = this.tasks.filter(settles); settled.length > 0; settled = this.tasks.filter(settles))
      for (const { id } of settled) there.add(id);
    return there;
  }

  private isFresh(task: BoardTask): boolean {
    return [...this.versionsFor(task)].every(([id, version]) => task.took.get(id) === version);
  }

  private versionsFor({ spec }: BoardTask): Map<string, number> {
    return new Map(spec.needs.map((id) => [id, this.find(id)?.version ?? 0]));
  }

  /** What waits for something better, and will not get it, has failed. */
  private failUnheard(): void {
    const there = this.there();
    for (const task of this.tasks) {
      if (task.state !== 'waiting' || !task.failure || !this.isFresh(task)) continue;
      if (task.spec.needs.every((id) => there.has(id))) this.fail(task, task.failure);
    }
  }

  /** No more may run: what is done stays as it is, and what would be next has failed. */
  private stop(): void {
    this.notes.push(`the limit of ${this.limits.runs} runs of workers was reached`);
    for (const task of this.tasks) {
      if (task.state === 'running') continue;
      if (task.version > 0) {
        task.state = 'done';
        task.revision = undefined;
        task.took = this.versionsFor(task);
      } else {
        task.state = 'failed';
        task.failure ??= {
          code: 'LimitReached',
          message: `the plan's limit of ${this.limits.runs} runs of workers was reached`,
          details: undefined,
        };
      }
    }
  }

  private find(id: string): BoardTask | undefined {
    return this.tasks.find((task) => task.id === id);
  }
}
