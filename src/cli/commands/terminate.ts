import { Command } from 'commander';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { say, type Io } from '../io.js';

interface Flags extends ConnectionFlags {
  reason?: string;
}

export function terminateCommand(io: Io): Command {
  const command = new Command('terminate')
    .description('end a run at once; nothing is undone')
    .argument('<run>', 'id of the run')
    .option('--reason <text>', 'why; it stands in the history');
  return connecting(command).action((id: string, { reason, ...flags }: Flags) =>
    withBaton(flags, async (baton) => {
      const run = baton.run(id);
      const status = await run.status();
      if (status !== 'RUNNING') return say(io, `${id} has ended already: ${status.toLowerCase()}`);
      await run.terminate(reason);
      say(io, `terminated: ${id}; its code was not told, and nothing that it has done is undone`);
    }),
  );
}
