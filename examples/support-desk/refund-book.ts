import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const Refund = z.object({
  /** Idempotency key: of several entries with one key only the first counts. */
  key: z.string(),
  orderId: z.string(),
  refundUsd: z.number().positive(),
  reason: z.string(),
  /** Who agreed: `desk`, or those who approved. */
  approvedBy: z.array(z.string()),
  /** What this book had paid back on the order before, as known to those who agreed. */
  beforeUsd: z.number().nonnegative(),
});
export type Refund = z.infer<typeof Refund>;

/** What became of a refund that was to be booked. */
export type Booking =
  | { kind: 'booked'; refund: Refund }
  /** It had been booked before; `refund` is what was booked then. */
  | { kind: 'repeated'; refund: Refund }
  /** Another refund on the order came first, so that the decision no longer holds. Nothing was booked. */
  | { kind: 'overtaken' };

/**
 * The refunds that were paid: a file of JSON lines that only grows. What counts is decided by the order of its lines alone,
 * so that workers that write at the same time, or again after a crash, agree without a lock.
 */
export class RefundBook {
  constructor(private readonly path: string) {}

  /** What was paid back on an order, in US dollars, the refund of one key left out. */
  async paidUsd(orderId: string, { except }: { except?: string } = {}): Promise<number> {
    const refunds = effective(await this.lines());
    return sumUsd(refunds.filter((refund) => refund.orderId === orderId && refund.key !== except));
  }

  async book(refund: Refund): Promise<Booking> {
    const text = await this.text();
    const earlier = effective(parse(text)).find(({ key }) => key === refund.key);
    if (earlier) return { kind: 'repeated', refund: earlier };
    await mkdir(dirname(this.path), { recursive: true });
    // A line that a crash has cut short is closed first.
    const start = text === '' || text.endsWith('\n') ? '' : '\n';
    await appendFile(this.path, `${start}${JSON.stringify(refund)}\n`, { flush: true });
    const booked = effective(await this.lines()).find(({ key }) => key === refund.key);
    return booked ? { kind: 'booked', refund: booked } : { kind: 'overtaken' };
  }

  private async lines(): Promise<Refund[]> {
    return parse(await this.text());
  }

  private async text(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if (isMissing(error)) return '';
      throw error;
    }
  }
}

/** The example's own book: `refunds.jsonl` in `BATON_DATA_DIR`, else in `.baton`. */
export function refundBook(): RefundBook {
  return new RefundBook(join(process.env.BATON_DATA_DIR || '.baton', 'refunds.jsonl'));
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

/** The entries that count: the first of a key, and made in the knowledge of those before it. */
function effective(lines: readonly Refund[]): Refund[] {
  const counted: Refund[] = [];
  for (const refund of lines) {
    const before = sumUsd(counted.filter(({ orderId }) => orderId === refund.orderId));
    if (counted.some(({ key }) => key === refund.key) || cents(before) !== cents(refund.beforeUsd)) continue;
    counted.push(refund);
  }
  return counted;
}

function parse(text: string): Refund[] {
  return text.split('\n').flatMap((line) => {
    const refund = Refund.safeParse(readJson(line));
    // A cut line was never reported as booked.
    return refund.success ? [refund.data] : [];
  });
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function sumUsd(refunds: readonly Refund[]): number {
  return refunds.reduce((sum, { refundUsd }) => sum + cents(refundUsd), 0) / 100;
}

function cents(usd: number): number {
  return Math.round(usd * 100);
}
