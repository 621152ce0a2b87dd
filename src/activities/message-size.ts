import type { Message } from '../agents/message.js';

const sizes = new WeakMap<Message, number>();

/** Characters of a message as JSON. Messages never change, and each is asked about at many turns: it is counted once. */
export function sizeOfMessage(message: Message): number {
  const known = sizes.get(message);
  if (known !== undefined) return known;
  const size = JSON.stringify(message).length;
  sizes.set(message, size);
  return size;
}
