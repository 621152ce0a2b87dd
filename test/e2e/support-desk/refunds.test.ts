import { appendFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrderOf, ordersOf, type OrderView } from '../../../examples/support-desk/orders.js';
import { RefundBook } from '../../../examples/support-desk/refund-book.js';
import { approversOf, decideRefund } from '../../../examples/support-desk/refund-rules.js';

async function orderOf(email: string, orderId: string): Promise<OrderView> {
  const found = await findOrderOf(email, orderId);
  if (found.kind !== 'found') throw new Error(`${orderId} is ${found.kind}`);
  return found.order;
}

const refund = {
  key: 'refund/T-1',
  orderId: 'S-10158',
  refundUsd: 42,
  reason: 'return',
  approvedBy: ['desk'],
  beforeUsd: 0,
};

describe('the order book', () => {
  it('opens an order to its owner only', async () => {
    expect(await orderOf('Okonta.Samuel@EXAMPLE.com', 's-10158')).toMatchObject({ daysSinceDelivery: 9 });
    expect(await findOrderOf('rob.marchbank@example.org', 'S-10154')).toEqual({ kind: 'not_owner' });
    expect(await findOrderOf('okonta.samuel@example.com', 'S-99999')).toEqual({ kind: 'unknown' });
  });

  it('lists the orders of an address without the address', async () => {
    const orders = await ordersOf('usha_venkatarao@example.com');
    expect(orders.map(({ orderId }) => orderId)).toEqual(['S-10163', 'S-10030']);
    expect(JSON.stringify(orders)).not.toContain('@');
  });
});

describe('decideRefund', () => {
  const returned = { eligible: true, reason: 'return' as const };

  it.each([
    ['okonta.samuel@example.com', 'S-10158', 42, { kind: 'refund', approvers: [] }],
    ['thackwell.imogen@example.org', 'S-10153', 89, { kind: 'refund', approvers: ['team-lead'] }],
    ['walterp63@example.com', 'S-10144', 529, { kind: 'refund', approvers: ['team-lead', 'finance'] }],
    ['kwame.asantewa@example.com', 'S-10162', 24, { kind: 'refund', approvers: ['team-lead'] }],
    ['zaytouni.nadia@example.com', 'S-10025', 289, { kind: 'none', why: 'out_of_time' }],
    ['abernoth.finn@example.com', 'S-10112', 119, { kind: 'none', why: 'out_of_time' }],
    ['pnightingall@example.com', 'S-10152', 900, { kind: 'none', why: 'amount_unfounded' }],
    ['thackwell.imogen@example.org', 'S-10153', 88, { kind: 'none', why: 'amount_unfounded' }],
    ['thackwell.imogen@example.org', 'S-10153', 0, { kind: 'none', why: 'not_eligible' }],
    ['thackwell.imogen@example.org', 'S-10153', -89, { kind: 'none', why: 'not_eligible' }],
  ])('%s, %s, $%d', async (email, orderId, refundUsd, expected) => {
    expect(decideRefund(await orderOf(email, orderId), { ...returned, refundUsd })).toMatchObject(expected);
  });

  it('counts what the order got back before', async () => {
    const order = { ...(await orderOf('okonta.samuel@example.com', 'S-10158')), refundedBeforeUsd: 42 };
    expect(decideRefund(order, { ...returned, refundUsd: 42 })).toMatchObject({ approvers: ['team-lead'] });
    expect(decideRefund({ ...order, refundedBeforeUsd: 69.01 }, { ...returned, refundUsd: 42 })).toEqual({
      kind: 'none',
      why: 'over_total',
    });
  });

  it('has its limits where the policy has them', () => {
    expect([50, 50.01, 500, 500.01].map((usd) => approversOf(usd).length)).toEqual([0, 1, 1, 2]);
  });
});

describe('the refund book', () => {
  const emptyBook = async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'baton-refunds-')), 'data', 'refunds.jsonl');
    return { path, book: new RefundBook(path) };
  };

  it('books a refund once for its key, also where attempts overlap', async () => {
    const { path, book } = await emptyBook();
    const bookings = await Promise.all([1, 2, 3].map(() => new RefundBook(path).book(refund)));
    expect(bookings.map(({ kind }) => kind).every((kind) => kind !== 'overtaken')).toBe(true);
    expect(await book.book({ ...refund, refundUsd: 50 })).toEqual({ kind: 'repeated', refund });
    expect(await book.paidUsd('S-10158')).toBe(42);
    expect(await book.paidUsd('S-10158', { except: refund.key })).toBe(0);
  });

  it('does not book a refund that was agreed without knowing of another', async () => {
    const { book } = await emptyBook();
    const bookings = await Promise.all([book.book(refund), book.book({ ...refund, key: 'refund/T-2' })]);
    expect(bookings.map(({ kind }) => kind).sort()).toEqual(['booked', 'overtaken']);
    expect(await book.paidUsd('S-10158')).toBe(42);
    const known = { ...refund, key: 'refund/T-3', beforeUsd: 42 };
    expect(await book.book(known)).toMatchObject({ kind: 'booked' });
    expect(await book.paidUsd('S-10158')).toBe(84);
  });

  it('goes on after a line that a crash has cut', async () => {
    const { path, book } = await emptyBook();
    await book.book(refund);
    await appendFile(path, '{"key":"refund/T-2","orderId":"S-10');
    const next = { ...refund, key: 'refund/T-3', orderId: 'S-10153' };
    expect(await book.book(next)).toEqual({ kind: 'booked', refund: next });
    expect(await book.paidUsd('S-10153')).toBe(42);
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(4);
  });
});
