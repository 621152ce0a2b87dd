import type { Played } from './play.js';
import type { Arrival } from './names.js';
import { killsOf } from './verdict.js';

/** What was played and counted, for people. */
export function rowsOf(played: Played): Record<string, number | string> {
  const { conversations, requests, arrivals, executions, kills, killed, refused, seconds } = played;
  const met = conversations.map(({ conversation }) => killsOf(conversation.name, played));
  const points = kills.flatMap(({ held }) => held.map(({ point }) => point));
  const at = (start: string, end: string) =>
    points.filter((point) => point.startsWith(start) && point.endsWith(end)).length;
  const asked = again(requests, ({ conversation, length }) => `${conversation} ${length}`, killed);
  const called = again(arrivals, ({ conversation, key }) => `${conversation} ${key}`, killed);
  return {
    conversations: conversations.length,
    'of them sessions': conversations.filter(({ as }) => as === 'session').length,
    'came to their end': conversations.filter(({ failure }) => failure === undefined).length,
    'workers killed': kills.length,
    'fewest kills in a conversation': Math.min(...met),
    'most kills in a conversation': Math.max(...met),
    'kills before the model answered': at('model', 'before'),
    'kills in the middle of its answer': at('model', 'half'),
    'kills before a tool was executed': at('tool', 'before'),
    'kills after it, before its answer': at('tool', 'after'),
    'other requests cut off by kills': kills.reduce((sum, { alsoOpen }) => sum + alsoOpen.length, 0),
    'model requests': requests.length,
    'again after a kill': asked.afterKill,
    'again without one': asked.without,
    'requests unlike the recording': refused.length,
    'tool calls recorded': conversations.reduce(
      (sum, { conversation }) => sum + conversation.calls.length,
      0,
    ),
    'tool calls executed': executions.length,
    'tool requests': arrivals.length,
    'tool requests again after a kill': called.afterKill,
    'tool requests again without one': called.without,
    seconds: Math.round(seconds),
  };
}

/** How many requests had been made before, by a worker that was dead when they came again, and by one that was not. */
function again<Request extends Arrival>(
  requests: readonly Request[],
  nameOf: (request: Request) => string,
  killed: ReadonlyMap<number, number>,
): { afterKill: number; without: number } {
  const by = new Map<string, number>();
  const counts = { afterKill: 0, without: 0 };
  for (const request of requests) {
    const before = by.get(nameOf(request));
    if (before !== undefined) {
      const isDead = (killed.get(before) ?? Infinity) <= request.at;
      counts[isDead ? 'afterKill' : 'without']++;
    }
    by.set(nameOf(request), request.pid);
  }
  return counts;
}
