import type { EffectNotice } from '../agents/effect.js';
import { byteLength } from './byte-length.js';
import { Effects, type CarriedEntry, type Outcomes } from './effects.js';
import { failure } from './fail.js';
import { RunLocal } from './run-local.js';

/** What open sagas have done, as the run that this one is continued as goes on from. */
export interface CarriedSagas {
  saga: number;
  /** Number of the saga that it was in. */
  within?: number;
  entries: CarriedEntry[];
}

/** What a saga of the run before has done, until the one that goes on with it begins. */
interface Waiting {
  effects: Effects;
  within: number | undefined;
}

/** A part of what is carried is one payload. */
const MAX_CARRIED_BYTES = 1_500_000;

const current = new RunLocal<OpenSaga>();

/** The saga that the calling code runs in. */
export function currentSaga(): OpenSaga | undefined {
  return current.get();
}

export function inSaga<T>(saga: OpenSaga, fn: () => T): T {
  return current.run(saga, fn);
}

/** A saga that is going on. */
export class OpenSaga {
  /** Why it was told to undo what it has done. */
  reason: string | undefined;
  isUndoing = false;
  /** Children that are going on. */
  private children = 0;

  constructor(
    readonly effects: Effects,
    readonly outer: OpenSaga | undefined,
    private readonly stop: () => void,
  ) {}

  /** Has it end, and undo what it has done. */
  undo(reason: string): void {
    if (this.isUndoing || this.reason !== undefined) return;
    this.reason = reason;
    this.stop();
  }

  /** Waits for a child with all that it does, before anything is undone. */
  track(child: Promise<unknown>): void {
    this.children++;
    const end = () => void this.children--;
    child.then(end, end);
    this.outer?.track(child);
  }

  get hasChildren(): boolean {
    return this.children > 0;
  }
}

/** The sagas of a run: the state behind the signals that tell them of what children do, and to undo. */
export class Sagas {
  private readonly open: OpenSaga[] = [];
  /** What each has done, by its number; those that wait are of the run before. */
  private readonly lists = new Map<number, Effects>();
  private waiting: readonly Waiting[];
  private begun = 0;
  private readonly outcomes: Outcomes = { known: 0 };

  /** @param requested why the next saga is to undo at once: it was told so before there was any */
  constructor(
    carried: readonly CarriedSagas[] = [],
    private requested?: string,
  ) {
    this.waiting = carried.map(({ saga, within, entries }) => ({
      effects: new Effects(saga, this.outcomes, entries),
      within,
    }));
    for (const { effects } of this.waiting) {
      this.lists.set(effects.saga, effects);
      this.begun = Math.max(this.begun, effects.saga);
    }
  }

  /** @param stop ends what the saga is doing */
  begin(stop: () => void): OpenSaga {
    const outer = currentSaga();
    const before = this.waiting.find(({ within }) => within === outer?.effects.saga);
    this.waiting = this.waiting.filter((waiting) => waiting !== before);
    const effects = before?.effects ?? new Effects(++this.begun, this.outcomes);
    this.lists.set(effects.saga, effects);
    const saga = new OpenSaga(effects, outer, stop);
    this.open.push(saga);
    if (this.requested !== undefined) saga.undo(this.requested);
    this.requested = undefined;
    return saga;
  }

  /** Gives a saga what those within it had done in the run before that have not begun again. */
  gather({ effects: own }: OpenSaga): void {
    const within = new Set<number | undefined>([own.saga]);
    this.waiting = this.waiting.filter(({ effects, within: outer }) => {
      if (!within.has(outer)) return true;
      within.add(effects.saga);
      own.adopt(effects);
      this.lists.set(effects.saga, own);
      return false;
    });
  }

  /** It has done what it was for: the saga around it may still undo that. */
  succeed(saga: OpenSaga): void {
    this.gather(saga);
    const { effects, outer } = saga;
    if (!outer) return this.end(saga);
    outer.effects.adopt(effects);
    this.end(saga);
    // What its children go on to do is the outer one's to undo.
    this.lists.set(effects.saga, outer.effects);
  }

  end(saga: OpenSaga): void {
    this.open.splice(this.open.indexOf(saga), 1);
    this.lists.delete(saga.effects.saga);
  }

  /** Has all sagas undo what they have done. What people send may be anything. */
  undo(request: unknown): void {
    const given =
      typeof request === 'object' && request !== null && 'reason' in request ? request.reason : request;
    const reason = typeof given === 'string' && given !== '' ? given : 'no reason was given';
    const outermost = this.open.filter(({ outer }) => !outer);
    if (outermost.length === 0) this.requested = reason;
    for (const saga of outermost) saga.undo(reason);
  }

  /** A child tells of what it does. Where the saga has ended, nothing is to be undone any more. */
  receive(notice: unknown): void {
    if (!isNotice(notice)) return;
    const { saga, id, effect, outcome } = notice;
    const list = this.lists.get(saga);
    if (effect) list?.begin(id, { effect }, true);
    if (outcome) list?.settle(id, outcome);
  }

  /** Why the next run is to undo what this one has done, or the first that it does: this one is continued before it could. */
  get request(): string | undefined {
    return this.requested ?? this.open.find(({ reason }) => reason !== undefined)?.reason;
  }

  /** @throws ConfigInvalid, TooLarge where it cannot be carried */
  carry(): CarriedSagas[] | undefined {
    const open = this.open.map(({ effects, outer }): Waiting => ({ effects, within: outer?.effects.saga }));
    const all = [...open, ...this.waiting];
    const lists = all.map(({ effects }) => effects);
    if (lists.some(({ holdsFunctions }) => holdsFunctions))
      throw failure(
        'ConfigInvalid',
        'a run cannot be continued as new within a saga that has undo functions of its own',
      );
    const carried = all.map(({ effects, within }) => ({
      saga: effects.saga,
      ...(within === undefined ? {} : { within }),
      entries: effects.carry(),
    }));
    if (byteLength(carried) > MAX_CARRIED_BYTES)
      throw failure(
        'TooLarge',
        `what sagas have done has more than ${MAX_CARRIED_BYTES} bytes: it cannot be carried`,
      );
    return lists.some(({ size }) => size > 0) ? carried : undefined;
  }
}

/** Children send it; of what others send, what does not look like it is left alone. */
function isNotice(notice: unknown): notice is EffectNotice {
  if (typeof notice !== 'object' || notice === null || !('saga' in notice && 'id' in notice)) return false;
  const { effect } = notice as Partial<EffectNotice>;
  return effect === undefined || (typeof effect === 'object' && 'undo' in effect);
}
