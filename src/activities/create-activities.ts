import { Context } from '@temporalio/activity';
import { ASK_ACTIVITY, TURN_ACTIVITY } from '../agents/names.js';
import { askActivity, type Notify } from './ask-people.js';
import { toolActivity, unknownActivity } from './call-tool.js';
import { askChatCompletions } from './models/chat-completions.js';
import type { Registry } from './registry.js';
import { turnActivity } from './take-turn.js';
import { TranscriptCache } from './transcript-cache.js';
import { TranscriptFetcher } from './transcript-fetcher.js';
import { TranscriptReader } from './transcript-reader.js';

export interface ActivitySettings {
  registry: Registry;
  /** Bound of each of the worker's two transcript caches. */
  cacheBytes: number;
  notify: Notify | undefined;
}

/** Everything that a worker does for workflows, by activity type. */
export function createActivities({ registry, cacheBytes, notify }: ActivitySettings) {
  const cache = new TranscriptCache(cacheBytes);
  const fetcher = new TranscriptFetcher(() => Context.current().client);
  const reader = new TranscriptReader(cache, fetcher);
  const tools = [...registry.tools.values()].map((tool) => [tool.name, toolActivity(tool, cache)] as const);
  return {
    ...Object.fromEntries(tools),
    [TURN_ACTIVITY]: turnActivity({ registry, reader, cache, askModel: askChatCompletions }),
    [ASK_ACTIVITY]: askActivity(notify),
    default: unknownActivity,
  };
}
