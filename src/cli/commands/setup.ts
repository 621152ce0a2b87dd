import { Command } from 'commander';
import { DEFAULT_TASK_QUEUE, SEARCH_ATTRIBUTE } from '../../agents/names.js';
import type { Baton } from '../../client.js';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { remark, say, type Io } from '../io.js';
import { parseRate } from '../option-values.js';
import { findProject } from '../project.js';
import { setQueueRates, type Rate } from '../queue-rates.js';
import { registerSearchAttribute } from '../search-attribute.js';

interface Flags extends ConnectionFlags {
  taskQueue?: string;
  queueRate?: Rate;
  tenantRate?: Rate;
}

export function setupCommand(io: Io): Command {
  const command = new Command('setup')
    .description(
      'prepare a namespace: register the search attribute by which the inbox finds runs, and set rates',
    )
    .option(
      '--queue-rate <n>',
      'turns and tool calls a second of a task queue, all workers together; or none',
      parseRate,
    )
    .option('--tenant-rate <n>', 'the same for each tenant on it; or none', parseRate)
    .option('--task-queue <name>', "the task queue; default: the project's, else baton");
  return connecting(command).action((flags: Flags) =>
    withBaton(flags, async (baton) => {
      const { client } = baton;
      const { namespace } = client.options;
      const added = await registerSearchAttribute(client);
      const what = `the search attribute ${SEARCH_ATTRIBUTE} (KeywordList) in namespace ${namespace}`;
      say(io, added ? `registered ${what}` : `nothing to do: ${what} is registered already`);
      if (flags.queueRate !== undefined || flags.tenantRate !== undefined) await setRates(baton, flags, io);
    }),
  );
}

async function setRates(
  { client }: Baton,
  { queueRate: queue, tenantRate: tenant, ...flags }: Flags,
  io: Io,
) {
  const taskQueue = flags.taskQueue ?? (await findProject({ cwd: io.cwd }))?.taskQueue ?? DEFAULT_TASK_QUEUE;
  await setQueueRates(client, { taskQueue, queue, tenant });
  const tell = (rate: Rate | undefined, whose: string) => {
    if (rate === undefined) return;
    const limit = rate === 'none' ? 'is not limited' : `is limited to ${rate} turns and tool calls a second`;
    say(io, `${whose} ${limit}`);
  };
  tell(queue, `the task queue ${taskQueue}`);
  tell(tenant, `each tenant on the task queue ${taskQueue}`);
  if (typeof queue === 'number' || typeof tenant === 'number')
    remark(
      io,
      `It holds back the turns of agents that name the queue, as in proxyAgents({ taskQueue: '${taskQueue}' }); others may go past it (docs/rates-and-priority.md).`,
    );
}
