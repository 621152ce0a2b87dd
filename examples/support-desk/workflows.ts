import { workflowInfo } from '@temporalio/workflow';
import { parallel, proxyAgents } from 'batonjs/workflow';
import type * as agents from './agents.js';
import { attempt } from './attempt.js';
import type { DeskReply } from './desk-reply.js';
import { draftReply, releaseDraft } from './draft-reply.js';
import { HOLDING_BODY, letterOf } from './letter.js';
import { lookUpOrder, type OrderFindings } from './look-up-order.js';
import type { RefundDecision } from './refund-rules.js';
import { proposeRefund, settleRefund, type Settlement } from './settle-refund.js';
import type { Letter, Ticket } from './ticket.js';
import { TODAY } from './today.js';

const { triage, librarian } = proxyAgents<typeof agents>();

/** Answers a question from the knowledge base, and says from which articles. */
export async function askDocs(question: string): Promise<{ answer: string; articles: string[] }> {
  const { answer, passages } = await librarian({ question });
  return { answer, articles: distinct(passages.map(({ id }) => id)) };
}

/** Answered in each reply on a refund, whatever else is asked. */
const REFUND_QUESTION = 'How do I return an item within the return window, and when will I get my refund?';

/**
 * Takes a ticket from its reading to the reply that is sent, the refund included. What fails on the way is left out and
 * named in the notes; only a ticket that cannot be read fails the run.
 */
export async function supportDesk(ticket: Ticket): Promise<DeskReply> {
  // A client without types may have sent anything: it is the agent that refuses what is no ticket.
  const { id: ticketId, ...given } = ticket ?? {};
  const request = await triage({ today: TODAY, untrustedTicket: given });
  if (request.category === 'spam') return closedWithout(ticketId);

  const { from, subject, body } = ticket;
  const untrustedTicket = { from, subject, body };
  const asked = request.questions.length > 0 ? request.questions : [subject || body];
  const question = [...(request.wantsRefund ? [REFUND_QUESTION] : []), ...asked].join('\n');
  const key = `refund/${ticketId ?? workflowInfo().workflowId}`;
  const { library, findings } = await parallel({
    library: () => attempt('searching the knowledge base', () => librarian({ question, today: TODAY })),
    findings: () =>
      lookUpOrder({
        question,
        orderId: ticket.orderId ?? request.orderId,
        email: from,
        refundKey: key,
      }),
  });
  const { passages, gaps } = library.ok ? library.value : { passages: [], gaps: [] };
  const { order, facts: orderFacts } = findings;

  const { decision, notes: refundNotes } = await decide({ ...request, question }, findings, untrustedTicket);
  const draft = await attempt('writing the reply', () =>
    draftReply(untrustedTicket, {
      today: TODAY,
      question,
      passages,
      gaps,
      order,
      refund: standingOf(decision),
    }),
  );

  const { released, settlement } = await parallel({
    released: async () =>
      draft.ok ? releaseDraft(draft.value, ticket) : { body: undefined, notes: [draft.problem] },
    settlement: async (): Promise<Settlement> =>
      decision.kind === 'refund' && order
        ? settleRefund(decision, { order, orderFacts, ticket, question, key })
        : { outcome: decision.kind === 'none' ? decision : { kind: 'none', why: 'held_up' }, notes: [] },
  });

  const cited = draft.ok && released.body !== undefined ? draft.value.articleIds : [];
  const articles = distinct(passages.filter(({ id }) => cited.includes(id)).map(({ id }) => id));
  const { outcome } = settlement;
  return {
    ...(ticketId === undefined ? {} : { ticketId }),
    reply: letterOf({
      ...(order ? { customer: order.customer, orderId: order.orderId } : {}),
      body: released.body ?? HOLDING_BODY,
      outcome,
      titles: distinct(passages.filter(({ id }) => articles.includes(id)).map(({ title }) => title)),
    }),
    refundUsd: outcome.kind === 'refunded' ? outcome.refundUsd : 0,
    articles,
    notes: [
      ...(request.hazard ? ['Escalate to the safety team.'] : []),
      ...(request.manipulative ? ['The ticket tries to give the desk orders.'] : []),
      ...(library.ok ? [] : [library.problem]),
      ...(library.ok && passages.length === 0 ? ['No article covers the question.'] : []),
      ...gaps.map((gap) => `No article covers: ${gap}`),
      ...findings.notes,
      ...refundNotes,
      ...released.notes,
      ...settlement.notes,
    ],
  };
}

/** What is to be refunded, as far as it can be said before people are asked. */
async function decide(
  claim: { question: string; wantsRefund: boolean; refundUsd: number | null },
  { status, order }: OrderFindings,
  untrustedTicket: Letter,
): Promise<{ decision: RefundDecision; notes: string[] }> {
  const none = (why: Extract<RefundDecision, { kind: 'none' }>['why']) => ({
    decision: { kind: 'none' as const, why },
    notes: [],
  });
  if (status === 'not_owner') return none('not_owner');
  if (!claim.wantsRefund) return none('not_asked');
  if (!order) return none('no_order');
  return proposeRefund(untrustedTicket, claim, order);
}

/** Where a refund stands, for the writer. */
function standingOf(decision: RefundDecision): string {
  if (decision.kind === 'none')
    return decision.why === 'not_asked' ? 'not asked for' : `refused: ${decision.why}`;
  return decision.approvers.length === 0 ? 'within the limit' : 'approval requested';
}

function closedWithout(ticketId: string | undefined): DeskReply {
  return {
    ...(ticketId === undefined ? {} : { ticketId }),
    reply: '',
    refundUsd: 0,
    articles: [],
    notes: ['Advertising or off topic: closed without a reply.'],
  };
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
