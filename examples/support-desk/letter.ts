import type { Refusal, RefundReason } from './refund-rules.js';

/** Where a refund stands when the letter goes out. */
export type Outcome =
  | { kind: 'none'; why: Refusal | 'rejected' | 'held_up' }
  | { kind: 'refunded'; refundUsd: number; reason: RefundReason };

export interface LetterParts {
  /** Name of the customer; unknown where the order must not be told of. */
  customer?: string;
  body: string;
  orderId?: string;
  outcome: Outcome;
  /** Titles of the articles that the body rests on. */
  titles: readonly string[];
}

/** What is said where there is no draft that may be sent. */
export const HOLDING_BODY =
  'thank you for writing to us. A colleague will look into your message and answer you personally.';

/**
 * The reply as it is sent: the writer's body, and around it what must be right to the letter, above all what is said about
 * money.
 */
export function letterOf({ customer, body, orderId, outcome, titles }: LetterParts): string {
  return [
    customer === undefined ? 'Hello,' : `Hello ${customer},`,
    body,
    sentenceOn(outcome, orderId),
    titles.length > 0 ? `More in our help centre: ${titles.map((title) => `"${title}"`).join(', ')}.` : '',
    'Kind regards,\nTarnwhistle support desk',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function sentenceOn(outcome: Outcome, orderId = 'your order'): string {
  if (outcome.kind === 'refunded') {
    const sum = `We have approved a refund of $${outcome.refundUsd.toFixed(2)} for order ${orderId}.`;
    return outcome.reason === 'return'
      ? `${sum} It goes to your original payment method once the parcel has been checked in.`
      : `${sum} It goes to your original payment method.`;
  }
  switch (outcome.why) {
    case 'not_asked':
      return '';
    case 'not_owner':
      return 'For your privacy we speak about an order only with the e-mail address that it was placed with: please write to us again from there.';
    case 'no_order':
      return 'To look into a refund we need the number of your order: please reply with it.';
    case 'out_of_time':
      return `As things stand we cannot refund order ${orderId}.`;
    case 'rejected':
      return `We have looked into the refund for order ${orderId} and cannot approve it.`;
    case 'held_up':
      return `A colleague will write to you about the refund for order ${orderId}.`;
    case 'over_total':
      return `We cannot refund more on order ${orderId} than was paid for it.`;
    case 'not_eligible':
    case 'amount_unfounded':
      return `We have not approved a refund on order ${orderId}.`;
  }
}
