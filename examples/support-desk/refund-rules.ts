import type { OrderView } from './orders.js';

/** Grounds for a refund, as the refunds agent names them. */
export type RefundReason =
  'return' | 'damaged_wrong_or_missing' | 'lost_parcel' | 'warranty' | 'recall' | 'cancelled_order' | 'none';

/** What the refunds agent proposes. It decides nothing. */
export interface Proposal {
  eligible: boolean;
  reason: RefundReason;
  refundUsd: number;
}

/** Why nothing is refunded. */
export type Refusal =
  'not_asked' | 'no_order' | 'not_owner' | 'not_eligible' | 'out_of_time' | 'amount_unfounded' | 'over_total';

export type RefundDecision =
  | { kind: 'none'; why: Refusal }
  | { kind: 'refund'; refundUsd: number; reason: RefundReason; approvers: Approver[] };

export type Approver = 'team-lead' | 'finance';

// Policy 12 to 14, 21 and 22, in data/policy.md.
const DESK_LIMIT_USD = 50;
const LEAD_LIMIT_USD = 500;
const RETURN_DAYS = 45;
const DAMAGE_DAYS = 14;

/**
 * Decides on a refund by rules. The proposal says what is wanted and why; what may be paid, and who must agree, follows
 * from the order book alone, so that no text can talk the desk into a payment.
 */
export function decideRefund(order: OrderView, { eligible, reason, refundUsd }: Proposal): RefundDecision {
  const none = (why: Refusal): RefundDecision => ({ kind: 'none', why });
  if (!eligible || reason === 'none' || refundUsd <= 0) return none('not_eligible');
  if (!openReasons(order).includes(reason)) return none('out_of_time');
  if (!isFounded(order, reason, refundUsd)) return none('amount_unfounded');
  const inAllUsd = (cents(order.refundedBeforeUsd) + cents(refundUsd)) / 100;
  if (cents(inAllUsd) > cents(order.totalUsd)) return none('over_total');
  return { kind: 'refund', refundUsd, reason, approvers: approversOf(inAllUsd) };
}

/** Who must agree, by what the order gets back in all. */
export function approversOf(inAllUsd: number): Approver[] {
  if (inAllUsd <= DESK_LIMIT_USD) return [];
  return inAllUsd <= LEAD_LIMIT_USD ? ['team-lead'] : ['team-lead', 'finance'];
}

/** The reasons that status and dates of an order leave open. */
export function openReasons({ status, daysSinceDelivery: days }: OrderView): RefundReason[] {
  if (status === 'processing' || status === 'cancelled') return ['cancelled_order'];
  if (status === 'shipped' || days === undefined) return ['lost_parcel'];
  return [
    ...(days <= RETURN_DAYS ? (['return'] as const) : []),
    ...(days <= DAMAGE_DAYS ? (['damaged_wrong_or_missing', 'lost_parcel'] as const) : []),
    'warranty',
    'recall',
  ];
}

/** Reasons for which the shipping is paid back too, where the whole order is concerned. */
const WITH_SHIPPING: readonly RefundReason[] = [
  'damaged_wrong_or_missing',
  'lost_parcel',
  'warranty',
  'recall',
  'cancelled_order',
];

/** Whether an amount is what some of the order's items cost, or the whole order where that is due. */
function isFounded({ lines, totalUsd }: OrderView, reason: RefundReason, refundUsd: number): boolean {
  if (cents(refundUsd) === cents(totalUsd) && WITH_SHIPPING.includes(reason)) return true;
  let sums = new Set([0]);
  for (const { quantity, unitUsd } of lines) {
    const counts = Array.from({ length: quantity + 1 }, (_, n) => n * cents(unitUsd));
    sums = new Set([...sums].flatMap((sum) => counts.map((more) => sum + more)));
  }
  return sums.has(cents(refundUsd));
}

function cents(usd: number): number {
  return Math.round(usd * 100);
}
