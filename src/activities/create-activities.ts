import { Context } from '@temporalio/activity';
import { ASK_ACTIVITY, DELIVER_ACTIVITY, DESCRIBE_ACTIVITY, TURN_ACTIVITY } from '../agents/names.js';
import { deliverActivity } from './deliver-event.js';
import { describeActivity } from './describe-agents.js';
import { askActivity, type Notify } from './ask-people.js';
import { toolActivity, unknownActivity } from './call-tool.js';
import { askChatCompletions } from './models/chat-completions.js';
import type { Registry } from './registry.js';
import { turnActivity } from './take-turn.js';
import type { TranscriptCache } from './transcript-cache.js';
import { TranscriptFetcher } from './transcript-fetcher.js';
import { TranscriptReader } from './transcript-reader.js';

export interface ActivitySettings {
  registry: Registry;
  cache: TranscriptCache;
  notify: Notify | undefined;
}

/** Everything that a worker does for workflows, by activity type. */
export function createActivities({ registry, cache, notify }: ActivitySettings) {
  const fetcher = new TranscriptFetcher(() => Context.current().client);
  const reader = new TranscriptReader(cache, fetcher);
  const tools = [...registry.tools.values()].map((tool) => [tool.name, toolActivity(tool, cache)] as const);
  return {
    ...Object.fromEntries(tools),
    [TURN_ACTIVITY]: turnActivity({ registry, reader, cache, askModel: askChatCompletions }),
    [ASK_ACTIVITY]: askActivity(notify),
    [DELIVER_ACTIVITY]: deliverActivity(registry.subscriptions),
    [DESCRIBE_ACTIVITY]: describeActivity(registry),
    default: unknownActivity,
  };
}
