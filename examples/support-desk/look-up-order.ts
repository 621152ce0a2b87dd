import { proxyActivities } from '@temporalio/workflow';
import { proxyAgents } from 'batonjs/workflow';
import type * as activities from './activities.js';
import type { OpenedOrder } from './activities.js';
import type * as agents from './agents.js';
import { attempt } from './attempt.js';
import { TODAY } from './today.js';

const { orderDesk } = proxyAgents<typeof agents>();
const { openOrder } = proxyActivities<typeof activities>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 5 },
});

/** What the order book says on a ticket. */
export interface OrderFindings {
  status: 'found' | 'not_named' | 'not_owner' | 'failed';
  order: OpenedOrder | null;
  /** What the order desk adds; empty where the order is not the sender's. */
  facts: string[];
  notes: string[];
}

export interface OrderQuestion {
  question: string;
  /** The order that the ticket names. */
  orderId: string | null;
  email: string;
  refundKey: string;
}

/**
 * Finds the order of a ticket. The agent says which one it is; the order itself is opened by code and for its owner only,
 * so that what is told and paid rests on the order book and on the sender's address.
 */
export async function lookUpOrder({
  question,
  orderId,
  email,
  refundKey,
}: OrderQuestion): Promise<OrderFindings> {
  const found = await attempt('looking the order up', () =>
    orderDesk({ today: TODAY, question, orderId, email }),
  );
  const notes = found.ok ? [] : [found.problem];
  const number = orderId ?? (found.ok ? found.value.orderId : null);
  if (number === null) return { status: found.ok ? 'not_named' : 'failed', order: null, facts: [], notes };
  const opened = await attempt('opening the order', () => openOrder({ orderId: number, email, refundKey }));
  if (!opened.ok) return { status: 'failed', order: null, facts: [], notes: [...notes, opened.problem] };
  switch (opened.value.kind) {
    case 'found':
      return { status: 'found', order: opened.value.order, facts: found.ok ? found.value.facts : [], notes };
    case 'unknown':
      return {
        status: 'not_named',
        order: null,
        facts: [],
        notes: [...notes, `There is no order ${number}.`],
      };
    case 'not_owner':
      return {
        status: 'not_owner',
        order: null,
        facts: [],
        notes: [...notes, `Order ${number} belongs to another e-mail address: nothing of it was told.`],
      };
  }
}
