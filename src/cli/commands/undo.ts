import { Command } from 'commander';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { CliError } from '../failures.js';
import { say, type Io } from '../io.js';

interface Flags extends ConnectionFlags {
  reason?: string;
}

export function undoCommand(io: Io): Command {
  const command = new Command('undo')
    .description('have a run undo what its sagas have done')
    .argument('<run>', 'id of the run')
    .option('--reason <text>', 'why; the run fails with it');
  return connecting(command).action((id: string, { reason, ...flags }: Flags) =>
    withBaton(flags, async (baton) => {
      const run = baton.run(id);
      const status = await run.status();
      if (status !== 'RUNNING')
        throw new CliError('RunEnded', `${id}: ${status.toLowerCase()}; it can undo nothing any more`);
      await run.undo(reason);
      say(io, `asked to undo: ${id}`);
    }),
  );
}
