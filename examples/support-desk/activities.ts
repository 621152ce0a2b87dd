import { findOrderOf, type Lookup, type OrderView } from './orders.js';
import { refundBook, type Booking, type Refund } from './refund-book.js';

/**
 * What the desk does without a model: plain Temporal activities beside the agents. Money is moved only here.
 */

/** An order that was opened, with what the desk itself has paid back on it. */
export type OpenedOrder = OrderView & { bookedBeforeUsd: number };

export type Opening = Exclude<Lookup, { kind: 'found' }> | { kind: 'found'; order: OpenedOrder };

/**
 * Opens an order for the sender of a ticket, with what was paid back on it before.
 * @param refundKey the refund that is being decided on, which does not count as paid before
 */
export async function openOrder({
  orderId,
  email,
  refundKey,
}: {
  orderId: string;
  email: string;
  refundKey: string;
}): Promise<Opening> {
  const found = await findOrderOf(email, orderId);
  if (found.kind !== 'found') return found;
  const { order } = found;
  const paid = await refundBook().paidUsd(order.orderId, { except: refundKey });
  const refundedBeforeUsd = order.refundedBeforeUsd + paid;
  return { kind: 'found', order: { ...order, refundedBeforeUsd, bookedBeforeUsd: paid } };
}

/** Pays a refund once for its key: another attempt finds it booked. */
export function payRefund(refund: Refund): Promise<Booking> {
  return refundBook().book(refund);
}
