import { Command } from 'commander';
import type { OutgoingEvent } from '../../agents/event.js';
import type { EmitOptions } from '../../client.js';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { remark, say, sayJson, type Io } from '../io.js';
import { columns } from '../layout.js';
import { paintFor } from '../paint.js';
import { findProject } from '../project.js';
import { readRunInput } from '../run-input.js';

interface Flags extends ConnectionFlags {
  data?: string;
  id?: string;
  key?: string;
  to?: string;
  taskQueue?: string;
  json?: boolean;
}

/** How long a person waits to see what an event reached. */
const WAIT = '20 seconds' satisfies EmitOptions['wait'];

export function emitCommand(io: Io): Command {
  const command = new Command('emit')
    .description('emit an event: to all that subscribe to it, or to one run')
    .argument('<name>', 'what happened, such as order.paid')
    .option('--data <json>', 'its data: JSON, @FILE, or - for standard input')
    .option('--id <id>', 'id of the event; the same id again is the same event')
    .option('--key <key>', 'what it happened to, for runs that wait for the key')
    .option('--to <run>', 'the one run that is told')
    .option('--task-queue <name>', "task queue of the subscriptions; default: the project's, else baton")
    .option('--json', 'print what was reached as JSON');
  return connecting(command).action((name: string, flags: Flags) => emit(name, flags, io));
}

async function emit(name: string, flags: Flags, io: Io): Promise<void> {
  const data = flags.data === undefined ? undefined : await readRunInput(flags.data, io, '--data');
  const taskQueue = flags.taskQueue ?? (await findProject({ cwd: io.cwd }))?.taskQueue;
  const { id, key, to } = flags;
  const event = {
    name,
    ...(id === undefined ? {} : { id }),
    ...(key === undefined ? {} : { key }),
    ...(to === undefined ? {} : { to }),
    // What does not fit is refused by the client.
    ...(data === undefined ? {} : { data: data as OutgoingEvent['data'] }),
  } as OutgoingEvent;
  await withBaton({ ...flags, taskQueue }, async (baton) => {
    const emitted = await baton.emit(event, { wait: WAIT });
    if (flags.json) return sayJson(io, emitted);
    say(io, `emitted  ${paintFor(io.out).bold(emitted.id)}`);
    for (const line of columns(emitted.runs.map(({ how, run }) => [how, run]))) say(io, `  ${line}`);
    if (!emitted.delivered) {
      remark(
        io,
        `No worker of the task queue ${baton.taskQueue} has delivered it yet; it is kept, and goes on by itself.`,
      );
    } else if (emitted.runs.length === 0) {
      remark(io, `Nobody subscribes to "${name}" on the task queue ${baton.taskQueue}.`);
    }
  });
}
