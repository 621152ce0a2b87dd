import type { Message } from '../agents/message.js';
import { isPinned, isSummary } from '../agents/view.js';
import { byteLength } from './byte-length.js';

/**
 * The newest of a conversation, in whole exchanges (what was said to the agent, up to its answer), as many as fit the
 * bytes, after what is pinned and the summary of what came before. Of a newest exchange that is larger by itself the first message
 * and the last are left.
 */
export function newestExchanges(messages: readonly Message[], bytes: number): Message[] {
  const fixed = messages.filter((message) => isPinned(message) || isSummary(message));
  const size = fixed.reduce((sum, message) => sum + byteLength(message) + 1, 0);
  if (size > bytes) return newestOf(messages, bytes);
  const newest = new Set(
    newestOf(
      messages.filter((message) => !fixed.includes(message)),
      bytes - size,
    ),
  );
  return messages.filter((message) => fixed.includes(message) || newest.has(message));
}

function newestOf(messages: readonly Message[], bytes: number): Message[] {
  let left = bytes;
  let from = messages.length;
  for (let place = messages.length - 1; place >= 0; place--) {
    const message = messages[place];
    if (!message) break;
    left -= byteLength(message) + 1;
    if (left < 0) break;
    if (begins(message)) from = place;
  }
  if (from < messages.length) return messages.slice(from);
  const ends = [messages.findLast(begins), messages.at(-1)].filter((message) => message !== undefined);
  return ends.reduce((sum, message) => sum + byteLength(message), 0) <= bytes ? ends : [];
}

function begins(message: Message): boolean {
  return message.role === 'user' && !message.repair && !message.summary && message.handoff === undefined;
}
