import { roundUsd } from '../agents/round-usd.js';
import type { Amount, Usage } from '../agents/usage.js';

/** What a run has spent, as the run that it is continued as goes on from. */
export interface CarriedLedger {
  spent: Sum;
  unconfirmed: Sum;
}

interface Sum {
  usd: number;
  tokens: number;
}

/**
 * Money and tokens of a run, or of one agent call within it. Under a limit an amount is reserved before it can be
 * spent and settled after, in this ledger and in those above it.
 */
export class Ledger {
  /** Settled by results. */
  readonly spent: Sum = { usd: 0, tokens: 0 };
  /** Spent at most by calls whose outcome is unknown. */
  readonly unconfirmed: Sum = { usd: 0, tokens: 0 };
  private readonly reserved: Sum = { usd: 0, tokens: 0 };

  constructor(
    private readonly limit: Amount | undefined,
    private readonly parent?: Ledger,
  ) {}

  /** Whether a limit holds here or above. */
  get limited(): boolean {
    return this.limit !== undefined || this.parent?.limited === true;
  }

  /** What may still be reserved; absent fields are not limited. */
  get left(): Amount {
    const above = this.parent?.left ?? {};
    const here = (of: keyof Sum) => {
      const limit = this.limit?.[of];
      return limit === undefined
        ? Infinity
        : Math.max(0, limit - this.spent[of] - this.unconfirmed[of] - this.reserved[of]);
    };
    const usd = Math.min(here('usd'), above.usd ?? Infinity);
    const tokens = Math.min(here('tokens'), above.tokens ?? Infinity);
    return { ...(usd === Infinity ? {} : { usd }), ...(tokens === Infinity ? {} : { tokens }) };
  }

  /** Reserves the amount, or nothing where it is more than is left. */
  reserve(amount: Amount): boolean {
    const left = this.left;
    if ((amount.usd ?? 0) > (left.usd ?? Infinity) || (amount.tokens ?? 0) > (left.tokens ?? Infinity))
      return false;
    this.add('reserved', amount);
    return true;
  }

  /** Ends a reservation: what was spent of it is booked, the rest is free again. */
  settle(reservation: Amount, spent: Amount, unconfirmed: Amount = {}): void {
    this.release(reservation);
    this.add('spent', spent);
    this.add('unconfirmed', unconfirmed);
  }

  /** Ends a reservation whose outcome is unknown: it counts as spent. */
  settleUnconfirmed(reservation: Amount): void {
    this.release(reservation);
    this.add('unconfirmed', reservation);
  }

  /** Undefined where nothing was spent. What is reserved still, by work that is given up, counts as spent. */
  carry(): CarriedLedger | undefined {
    const { spent, unconfirmed, reserved } = this;
    const given = {
      usd: roundUsd(unconfirmed.usd + reserved.usd),
      tokens: unconfirmed.tokens + reserved.tokens,
    };
    const isEmpty = [spent, given].every(({ usd, tokens }) => usd === 0 && tokens === 0);
    return isEmpty ? undefined : { spent, unconfirmed: given };
  }

  /** Goes on from what the run before had spent. */
  resume({ spent, unconfirmed }: CarriedLedger): void {
    this.add('spent', spent);
    this.add('unconfirmed', unconfirmed);
  }

  private release({ usd = 0, tokens = 0 }: Amount): void {
    this.add('reserved', { usd: -usd, tokens: -tokens });
  }

  private add(to: 'spent' | 'unconfirmed' | 'reserved', amount: Amount): void {
    this[to].usd = roundUsd(this[to].usd + (amount.usd ?? 0));
    this[to].tokens += amount.tokens ?? 0;
    this.parent?.add(to, amount);
  }
}

export function amountOf(usage: Usage, cost: number | undefined): Sum {
  return { usd: cost ?? 0, tokens: usage.input + usage.output };
}
