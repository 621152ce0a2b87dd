import { handoffFunction, REJECT_FUNCTION } from '../agents/names.js';
import type { Offer } from './offer.js';

/*
 * Functions that the model is offered beside the agent's tools, and that nothing runs for: to call one is to say what shall
 * happen next.
 */

export const REJECT_OFFER: Offer = {
  name: REJECT_FUNCTION,
  description:
    'Says that the input you were given cannot be used, as something is missing, wrong or contradictory in it. It ends your work without an answer: call it only where no useful answer is possible.',
  parameters: {
    type: 'object',
    properties: {
      reason: {
        type: 'string',
        description: 'What is wrong with the input, and what would be needed instead',
      },
    },
    required: ['reason'],
  },
};

/** @param description what the other agent is for, or when to hand over to it */
export function handoffOffer(to: string, description: string): Offer {
  return {
    name: handoffFunction(to),
    description: `Hands the conversation over to ${to}: ${description}`,
    parameters: {
      type: 'object',
      properties: {
        message: {
          type: 'string',
          description: 'Why you hand over, and what there is to know beyond the conversation itself',
        },
      },
    },
  };
}
