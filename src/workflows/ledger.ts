import { roundUsd } from '../agents/round-usd.js';
import type { Amount, Budget, Usage } from '../agents/usage.js';

/** What a run has spent, as the run that it is continued as goes on from. */
export interface CarriedLedger {
  spent: Sum;
  unconfirmed: Sum;
}

interface Sum {
  usd: number;
  tokens: number;
}

/** A turn gives back what it does not need within its time-out; a child may hold its allotment for long. */
type Reserver = 'turn' | 'child';
const HELD_BY = { turn: 'granted', child: 'allotted' } as const satisfies Record<Reserver, string>;

/**
 * Money and tokens of a run, or of one agent call within it. Under a limit an amount is reserved before it can be
 * spent and settled after, in this ledger and in those above it.
 */
export class Ledger {
  /** Settled by results. */
  readonly spent: Sum = { usd: 0, tokens: 0 };
  /** Spent at most by calls whose outcome is unknown. */
  readonly unconfirmed: Sum = { usd: 0, tokens: 0 };
  /** Reserved by turns that are under way, and by children. */
  private readonly granted: Sum = { usd: 0, tokens: 0 };
  private readonly allotted: Sum = { usd: 0, tokens: 0 };

  constructor(
    private readonly limit: Budget | undefined,
    private readonly parent?: Ledger,
  ) {}

  /** Whether a hard limit holds here or above. */
  get limited(): boolean {
    const { usd, tokens } = this.limit ?? {};
    return usd !== undefined || tokens !== undefined || this.parent?.limited === true;
  }

  /** What may be spent before the soft limits here and above are reached; absent fields have none. */
  get softLeft(): Amount {
    return this.least(this.parent?.softLeft, (of) => {
      const limit = this.limit?.soft?.[of];
      return limit === undefined ? Infinity : limit - this.spent[of] - this.unconfirmed[of];
    });
  }

  /** Whether a soft limit is reached, here or above. It stays so: what is spent does not come back. */
  get isTight(): boolean {
    const { usd, tokens } = this.softLeft;
    return usd === 0 || tokens === 0;
  }

  /** What may still be reserved; absent fields are not limited. */
  get left(): Amount {
    return this.least(this.parent?.left, (of) => this.unspent(of) - this.granted[of] - this.allotted[of]);
  }

  /** Reserves the amount for a turn, or a child, or nothing where it is more than is left. */
  reserve(amount: Amount, by: Reserver = 'turn'): boolean {
    if (!covers(this.left, amount)) return false;
    this.add(HELD_BY[by], amount);
    return true;
  }

  /** Whether the amount would be left if the turns under way gave back all that they have reserved. */
  mayHave(amount: Amount): boolean {
    return covers(this.leftButForTurns, amount);
  }

  /** Ends a reservation: what was spent of it is booked, the rest is free again. */
  settle(reservation: Amount, spent: Amount, unconfirmed: Amount = {}, by: Reserver = 'turn'): void {
    this.release(reservation, by);
    this.add('spent', spent);
    this.add('unconfirmed', unconfirmed);
  }

  /** Ends a reservation whose outcome is unknown: it counts as spent. */
  settleUnconfirmed(reservation: Amount, by: Reserver = 'turn'): void {
    this.release(reservation, by);
    this.add('unconfirmed', reservation);
  }

  /** Undefined where nothing was spent. What is reserved still, by work that is given up, counts as spent. */
  carry(): CarriedLedger | undefined {
    const { spent, unconfirmed, granted, allotted } = this;
    const given = {
      usd: roundUsd(unconfirmed.usd + granted.usd + allotted.usd),
      tokens: unconfirmed.tokens + granted.tokens + allotted.tokens,
    };
    const isEmpty = [spent, given].every(({ usd, tokens }) => usd === 0 && tokens === 0);
    return isEmpty ? undefined : { spent, unconfirmed: given };
  }

  /** Goes on from what the run before had spent. */
  resume({ spent, unconfirmed }: CarriedLedger): void {
    this.add('spent', spent);
    this.add('unconfirmed', unconfirmed);
  }

  /** The smaller of what holds here and above. */
  private least(above: Amount | undefined, here: (of: keyof Sum) => number): Amount {
    const usd = Math.max(0, Math.min(roundUsd(here('usd')), above?.usd ?? Infinity));
    const tokens = Math.max(0, Math.min(here('tokens'), above?.tokens ?? Infinity));
    return { ...(usd === Infinity ? {} : { usd }), ...(tokens === Infinity ? {} : { tokens }) };
  }

  private get leftButForTurns(): Amount {
    return this.least(this.parent?.leftButForTurns, (of) => this.unspent(of) - this.allotted[of]);
  }

  private unspent(of: keyof Sum): number {
    return (this.limit?.[of] ?? Infinity) - this.spent[of] - this.unconfirmed[of];
  }

  private release({ usd = 0, tokens = 0 }: Amount, by: Reserver): void {
    this.add(HELD_BY[by], { usd: -usd, tokens: -tokens });
  }

  private add(to: 'spent' | 'unconfirmed' | 'granted' | 'allotted', amount: Amount): void {
    this[to].usd = roundUsd(this[to].usd + (amount.usd ?? 0));
    this[to].tokens += amount.tokens ?? 0;
    this.parent?.add(to, amount);
  }
}

function covers(left: Amount, { usd = 0, tokens = 0 }: Amount): boolean {
  return usd <= (left.usd ?? Infinity) && tokens <= (left.tokens ?? Infinity);
}

export function amountOf(usage: Usage, cost: number | undefined): Sum {
  return { usd: cost ?? 0, tokens: usage.input + usage.output };
}
