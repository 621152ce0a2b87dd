import { proxyActivities } from '@temporalio/workflow';
import { approval, proxyAgents, type Decision } from 'batonjs/workflow';
import type * as activities from './activities.js';
import type { OpenedOrder } from './activities.js';
import type * as agents from './agents.js';
import { attempt } from './attempt.js';
import type { Outcome } from './letter.js';
import { decideRefund, openReasons, type Approver, type RefundDecision } from './refund-rules.js';
import type { Letter, Ticket } from './ticket.js';
import { TODAY } from './today.js';

const { refunds } = proxyAgents<typeof agents>();
const { payRefund } = proxyActivities<typeof activities>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 5 },
});

/** What a refund comes to, and what colleagues should know of it. */
export interface Settlement {
  outcome: Outcome;
  notes: string[];
}

/** Has a refund proposed by the agent and decided by rules; nothing is paid here. */
export async function proposeRefund(
  untrustedTicket: Letter,
  claim: { question: string; refundUsd: number | null },
  order: OpenedOrder,
): Promise<{ decision: RefundDecision; notes: string[] }> {
  const { question, refundUsd: claimedUsd } = claim;
  const eligible = openReasons(order).length > 0;
  const proposed = await attempt('proposing a refund', async () => {
    const input = { today: TODAY, question, claim: { refundUsd: claimedUsd }, order, eligible };
    return (await refunds.run(input, { context: { untrustedTicket } })).output;
  });
  if (!proposed.ok) return { decision: { kind: 'none', why: 'not_eligible' }, notes: [proposed.problem] };
  const decision = decideRefund(order, proposed.value);
  if (decision.kind === 'refund') return { decision, notes: [] };
  const { reason, refundUsd } = proposed.value;
  const note = `No refund (${decision.why}): proposed was $${refundUsd.toFixed(2)} for "${reason}".`;
  return { decision, notes: [note] };
}

/** What a refund is about. */
export interface RefundMatter {
  order: OpenedOrder;
  /** What the order desk adds, for those who approve. */
  orderFacts: string[];
  ticket: Ticket;
  question: string;
  /** Idempotency key of the payment. */
  key: string;
}

/** Asks those who must agree, one after the other, and pays. */
export async function settleRefund(
  { refundUsd, reason, approvers }: Extract<RefundDecision, { kind: 'refund' }>,
  matter: RefundMatter,
): Promise<Settlement> {
  const { order, key } = matter;
  const approvedBy: string[] = [];
  for (const approver of approvers) {
    const decision = await ask(approver, { ...matter, refundUsd, reason });
    if (!decision.approved) {
      const comment = decision.comment === undefined ? '' : `: ${decision.comment}`;
      const note = `The refund of $${refundUsd.toFixed(2)} was not approved by ${approver} (${decision.status})${comment}.`;
      return { outcome: { kind: 'none', why: 'rejected' }, notes: [note] };
    }
    approvedBy.push(decision.by ?? approver);
  }
  const paid = await attempt('paying the refund', () =>
    payRefund({
      key,
      orderId: order.orderId,
      refundUsd,
      reason,
      approvedBy: approvedBy.length > 0 ? approvedBy : ['desk'],
      beforeUsd: order.bookedBeforeUsd,
    }),
  );
  if (!paid.ok) return heldUp(paid.problem);
  const booking = paid.value;
  if (booking.kind === 'overtaken')
    return heldUp('Another refund on the order came first; the approval no longer holds. Decide again.');
  const notes =
    booking.kind === 'repeated'
      ? ['The refund of this ticket had been booked before; it was not paid again.']
      : [];
  return { outcome: { kind: 'refunded', refundUsd: booking.refund.refundUsd, reason }, notes };
}

function heldUp(note: string): Settlement {
  return { outcome: { kind: 'none', why: 'held_up' }, notes: [note] };
}

function ask(
  approver: Approver,
  {
    refundUsd,
    reason,
    order,
    orderFacts,
    ticket,
    question,
  }: RefundMatter & { refundUsd: number; reason: string },
): Promise<Decision> {
  return approval({
    title: `Refund of $${refundUsd.toFixed(2)} on order ${order.orderId}`,
    details: {
      refundUsd,
      reason,
      orderId: order.orderId,
      customer: order.customer,
      orderTotalUsd: order.totalUsd,
      refundedBeforeUsd: order.refundedBeforeUsd,
      items: order.lines.map(
        ({ name, quantity, unitUsd }) => `${quantity} × ${name}, $${unitUsd.toFixed(2)}`,
      ),
      deliveredOn: order.deliveredOn ?? null,
      daysSinceDelivery: order.daysSinceDelivery ?? null,
      ...(ticket.id === undefined ? {} : { ticket: ticket.id }),
      from: ticket.from,
      question,
      orderFacts,
    },
    approvers: [approver],
    timeout: '2 days',
    onTimeout: 'reject',
  });
}
