import type { Random } from '../random.js';
import type { Conversation } from './recordings.js';

/**
 * Where a worker dies: before the model answers or in the middle of its answer, to the request that ends with so many messages;
 * before a tool's call is executed or after it, before its answer.
 */
export type KillPoint =
  | { at: 'model'; when: 'before' | 'half'; place: number }
  | { at: 'tool'; when: 'before' | 'after'; place: number };

const SECOND_KILL = 0.35;

/** The points at which a conversation meets the death of its worker: one, and of some a second. */
export function planKills({ messages, calls }: Conversation, random: Random): KillPoint[] {
  const requests = Array.from({ length: messages.length + 1 }, (_, length) => length).filter(
    (length) => length > 1 && messages[length]?.role !== 'user' && messages[length]?.role !== 'tool',
  );
  const point = (): KillPoint => {
    const isFirst = random.next() < 0.5;
    if (calls.length > 0 && random.next() < 0.5) {
      const place = random.between(0, calls.length - 1);
      return { at: 'tool', when: isFirst ? 'before' : 'after', place };
    }
    return {
      at: 'model',
      when: isFirst ? 'before' : 'half',
      place: requests.length > 0 ? random.pick(requests) : messages.length,
    };
  };
  return random.next() < SECOND_KILL ? [point(), point()] : [point()];
}

export function textOf({ at, when, place }: KillPoint): string {
  return `${at} ${place}, ${when}`;
}
