import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { daysSince } from './today.js';

const Line = z.object({ sku: z.string(), name: z.string(), quantity: z.number(), unitUsd: z.number() });

const Order = z.object({
  id: z.string(),
  email: z.string(),
  customer: z.string(),
  placedOn: z.iso.date(),
  status: z.enum(['processing', 'shipped', 'delivered', 'returned', 'cancelled']),
  items: z.array(Line),
  shippingUsd: z.number(),
  totalUsd: z.number(),
  carrier: z.string().optional(),
  tracking: z.string().optional(),
  deliveredOn: z.iso.date().optional(),
  refundedUsd: z.number(),
});
type Order = z.infer<typeof Order>;

/** An order as the desk sees it: without the customer's address, with the days counted. */
export type OrderView = {
  orderId: string;
  customer: string;
  status: Order['status'];
  placedOn: string;
  deliveredOn?: string;
  daysSinceDelivery?: number;
  carrier?: string;
  tracking?: string;
  lines: z.infer<typeof Line>[];
  shippingUsd: number;
  totalUsd: number;
  /** What was paid back on the order before. */
  refundedBeforeUsd: number;
};

let book: Promise<ReadonlyMap<string, Order>> | undefined;

/** All orders by number. */
function orders(): Promise<ReadonlyMap<string, Order>> {
  book ??= readFile(new URL('./data/orders.json', import.meta.url), 'utf8').then(
    (text) =>
      new Map(
        z
          .array(Order)
          .parse(JSON.parse(text))
          .map((order) => [order.id, order]),
      ),
  );
  return book;
}

/** What the desk may know of an order on behalf of the person who writes. */
export type Lookup =
  | { kind: 'found'; order: OrderView }
  | { kind: 'unknown' }
  /** The order is there, and belongs to another e-mail address: nothing of it may be told. */
  | { kind: 'not_owner' };

/** Looks an order up for the sender of a ticket; only the owner's e-mail address opens it. */
export async function findOrderOf(email: string, orderId: string): Promise<Lookup> {
  const order = (await orders()).get(orderId.trim().toUpperCase());
  if (!order) return { kind: 'unknown' };
  return sameAddress(order.email, email) ? { kind: 'found', order: viewOf(order) } : { kind: 'not_owner' };
}

/** A customer's orders, the newest first. */
export async function ordersOf(email: string): Promise<OrderView[]> {
  const own = [...(await orders()).values()].filter((order) => sameAddress(order.email, email));
  return own.sort((a, b) => (a.placedOn < b.placedOn ? 1 : -1)).map(viewOf);
}

function sameAddress(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function viewOf({ id, email: _, items, refundedUsd, ...rest }: Order): OrderView {
  const { deliveredOn, carrier, tracking, ...plain } = rest;
  return {
    orderId: id,
    ...plain,
    ...(deliveredOn === undefined ? {} : { deliveredOn, daysSinceDelivery: daysSince(deliveredOn) }),
    ...(carrier === undefined ? {} : { carrier }),
    ...(tracking === undefined ? {} : { tracking }),
    lines: items,
    refundedBeforeUsd: refundedUsd,
  };
}
