import type { Effect, EffectOutcome } from '../agents/effect.js';
import type { ToolMessage } from '../agents/message.js';

/** How an effect is undone: by the tool's own activity, or by a function of the orchestration. */
type Undoing =
  | { effect: Effect; result?: ToolMessage }
  | { title: string; run: (result: unknown) => Promise<unknown>; result?: unknown };

/** An effect that can be undone. */
export interface Entry {
  readonly id: string;
  readonly undoing: Undoing;
  /** Set where another run tells of its outcome. */
  readonly elsewhere?: boolean;
  /** When its outcome was known, among all; absent before. */
  settled?: number;
}

/** An effect as the run that this one is continued as goes on from. */
export interface CarriedEntry {
  id: string;
  effect: Effect;
  result?: ToolMessage;
  settled?: number;
}

/** How many outcomes of effects are known, in all sagas of a run. */
export interface Outcomes {
  known: number;
}

/** What was done in one saga, and can be undone. */
export class Effects {
  private readonly entries = new Map<string, Entry>();

  constructor(
    readonly saga: number,
    private readonly outcomes: Outcomes,
    carried: readonly CarriedEntry[] = [],
  ) {
    for (const { id, settled: order, ...undoing } of carried) {
      // This run has begun none of them.
      this.add({ id, undoing, elsewhere: true, ...(order === undefined ? {} : { settled: order }) });
      outcomes.known = Math.max(outcomes.known, order ?? 0);
    }
  }

  /** Notes an effect before it is begun. */
  begin(id: string, undoing: Undoing, elsewhere = false): void {
    this.add({ id, undoing, elsewhere });
  }

  settle(id: string, outcome: EffectOutcome | { value: unknown }): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    if (outcome === 'none') {
      this.entries.delete(id);
      return;
    }
    entry.settled = ++this.outcomes.known;
    if (outcome === 'unknown') return;
    entry.undoing.result = 'value' in outcome ? outcome.value : outcome.result;
  }

  /** Whether the outcome of some effect is not known yet. */
  get isOpen(): boolean {
    return this.open.length > 0;
  }

  /** The same of effects that this run itself has begun. */
  get isOpenHere(): boolean {
    return this.open.some(({ elsewhere }) => !elsewhere);
  }

  private get open(): Entry[] {
    return [...this.entries.values()].filter((entry) => entry.settled === undefined);
  }

  /**
   * Takes out the effect whose outcome was known last; one whose outcome nobody will tell comes first, of several the one that was
   * begun last.
   */
  takeNewest(): Entry | undefined {
    const order = ({ settled = Number.MAX_VALUE }: Entry) => settled;
    const [newest] = [...this.entries.values()].reverse().sort((a, b) => order(b) - order(a));
    if (newest) this.entries.delete(newest.id);
    return newest;
  }

  /** Takes over what another saga has done. */
  adopt({ entries }: Effects): void {
    for (const entry of entries.values()) this.add(entry);
    entries.clear();
  }

  get size(): number {
    return this.entries.size;
  }

  /** Whether it holds what only the code of this run can undo. */
  get holdsFunctions(): boolean {
    return [...this.entries.values()].some(({ undoing }) => 'run' in undoing);
  }

  carry(): CarriedEntry[] {
    return [...this.entries.values()].flatMap(({ id, undoing, settled: order }) =>
      'run' in undoing ? [] : [{ id, ...undoing, ...(order === undefined ? {} : { settled: order }) }],
    );
  }

  private add(entry: Entry): void {
    this.entries.set(entry.id, entry);
  }
}
