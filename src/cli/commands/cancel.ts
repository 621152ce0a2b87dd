import { Command } from 'commander';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { say, type Io } from '../io.js';

export function cancelCommand(io: Io): Command {
  const command = new Command('cancel').description('ask a run to stop').argument('<run>', 'id of the run');
  return connecting(command).action((id: string, flags: ConnectionFlags) =>
    withBaton(flags, async (baton) => {
      const run = baton.run(id);
      const status = await run.status();
      if (status !== 'RUNNING') return say(io, `${id} has ended already: ${status.toLowerCase()}`);
      await run.cancel();
      say(io, `asked to stop: ${id}`);
    }),
  );
}
