import type { Message, ToolCall } from '../agents/message.js';
import { READ_FUNCTION } from '../agents/names.js';
import type { StoredResult } from '../agents/stored-result.js';
import { textArgument } from '../agents/tool-arguments.js';
import type { Offer } from './offer.js';

const READ_OFFER: Offer = {
  name: READ_FUNCTION,
  description:
    'Reads on in a tool result that was too large to be shown whole, or finds text in it. Only results that say under which name they are kept can be read.',
  parameters: {
    type: 'object',
    properties: {
      result: { type: 'string', description: 'The name under which the result is kept' },
      offset: { type: 'integer', description: 'Where to begin, in characters from its start. Default 0' },
      length: { type: 'integer', description: 'How many characters: 16000 at most. Default 8000' },
      find: {
        type: 'string',
        description:
          'Text to look for, from the offset on, in small or capital letters: its places are given instead of a page',
      },
    },
    required: ['result'],
  },
};

/** What the model may read on in, by name: the results of the conversation that are stored. */
export function storedIn(messages: readonly Message[]): ReadonlyMap<string, StoredResult> {
  const stored = messages.flatMap((message) =>
    message.role === 'tool' && message.stored ? [message.stored] : [],
  );
  return new Map(stored.map((result) => [result.digest, result]));
}

/**
 * What the model is offered beside the agent's own: nothing until there is something to read, so that the offers of other
 * conversations stay what they are. An agent's own tool of that name goes before it.
 */
export function readOffers(offers: readonly Offer[], messages: readonly Message[]): readonly Offer[] {
  const isOffered = storedIn(messages).size > 0 && !offers.some(({ name }) => name === READ_FUNCTION);
  return isOffered ? [...offers, READ_OFFER] : offers;
}

/** The result that a call wants to read, or why it cannot. Undefined where the call wants something else, or nothing is stored. */
export function resultOf(
  call: ToolCall,
  stored: ReadonlyMap<string, StoredResult>,
): { stored: StoredResult } | { problem: string } | undefined {
  if (call.tool !== READ_FUNCTION || stored.size === 0) return undefined;
  const name = textArgument(call.arguments, 'result');
  const found = stored.get(name ?? '');
  if (found) return { stored: found };
  const names = [...stored.keys()].map((key) => `"${key}"`).join(', ');
  return { problem: `No result of this conversation is kept as "${name ?? ''}". There are: ${names}.` };
}
