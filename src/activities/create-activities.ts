import { Context } from '@temporalio/activity';
import {
  ASK_ACTIVITY,
  CHECK_ACTIVITY,
  COMPENSATE_ACTIVITY,
  DELIVER_ACTIVITY,
  DESCRIBE_ACTIVITY,
  READ_ACTIVITY,
  TURN_ACTIVITY,
} from '../agents/names.js';
import type { Circuits } from './circuits/circuits.js';
import type { DeploymentWatch } from './deployment-watch.js';
import { deliverActivity } from './deliver-event.js';
import { describeActivity } from './describe-agents.js';
import { askActivity, type Notify } from './ask-people.js';
import { checkOutputActivity } from './check-output.js';
import { toolActivity, unknownActivity } from './call-tool.js';
import { NO_FETCHER, placeable } from './locally.js';
import { askModel } from './models/ask-model.js';
import { readActivity } from './read-result.js';
import type { Registry } from './registry.js';
import { compensateActivity } from './compensate.js';
import { PromptSizes } from './prompt-sizes.js';
import { turnActivity } from './take-turn.js';
import type { TranscriptCache } from './transcript-cache.js';
import { TranscriptFetcher } from './transcript-fetcher.js';
import { TranscriptReader } from './transcript-reader.js';

export interface ActivitySettings {
  registry: Registry;
  cache: TranscriptCache;
  notify: Notify | undefined;
  circuits: Circuits;
  deployment: DeploymentWatch;
  /** Bytes of a tool's result that a model is shown at most. */
  resultBytes: number | undefined;
}

/** Everything that a worker does for workflows, by activity type. */
export function createActivities(settings: ActivitySettings) {
  const { registry, cache, notify, circuits, deployment, resultBytes } = settings;
  const fetcher = new TranscriptFetcher(() => Context.current().client);
  const reader = new TranscriptReader(cache, fetcher);
  const turn = { registry, cache, askModel, sizes: new PromptSizes(), circuits, deployment };
  const localReader = new TranscriptReader(cache, NO_FETCHER);
  const tools = [...registry.tools.values()].map((tool) => [
    tool.name,
    // The arguments stand in the message that has the call.
    placeable(toolActivity(tool, cache, resultBytes), (_args, call) => [null, call]),
  ]);
  return {
    ...Object.fromEntries(tools),
    [TURN_ACTIVITY]: placeable(
      turnActivity({ ...turn, reader }),
      (input) => [input],
      turnActivity({ ...turn, reader: localReader }),
    ),
    [ASK_ACTIVITY]: askActivity(notify),
    [DELIVER_ACTIVITY]: deliverActivity(registry.subscriptions),
    [DESCRIBE_ACTIVITY]: describeActivity(registry, circuits),
    [COMPENSATE_ACTIVITY]: compensateActivity(registry),
    [READ_ACTIVITY]: readActivity(cache),
    [CHECK_ACTIVITY]: checkOutputActivity(registry),
    default: unknownActivity,
  };
}
