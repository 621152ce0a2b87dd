import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { AgentCard } from '../agents/agent-card.js';
import { DESCRIBE_ACTIVITY } from '../agents/names.js';

type Describe = Record<typeof DESCRIBE_ACTIVITY, (names: readonly string[]) => Promise<AgentCard[]>>;

/**
 * What agents are, as the definitions of a worker say: those that it knows of the names given, in their order.
 * @param taskQueue of the workers to ask; default the run's own, whose worker answers at once, by a local activity
 * @throws ActivityFailure with a time-out, where no worker of the task queue answers within ten seconds
 */
export function describeAgents(
  names: readonly string[],
  { taskQueue }: { taskQueue?: string } = {},
): Promise<AgentCard[]> {
  const options = { scheduleToCloseTimeout: '10 seconds', summary: names.join(', ').slice(0, 200) } as const;
  const activities =
    taskQueue === undefined
      ? proxyLocalActivities<Describe>(options)
      : proxyActivities<Describe>({ ...options, taskQueue });
  return activities[DESCRIBE_ACTIVITY](names);
}

/** Those of the names that a worker of the run's own task queue does not know. Their turns would be tried again for minutes. */
export async function unknownAgents(names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const known = new Set((await describeAgents(names)).map(({ name }) => name));
  return names.filter((name) => !known.has(name));
}
