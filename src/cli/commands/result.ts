import { Command } from 'commander';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { say, sayJson, type Io } from '../io.js';
import { projectStorage } from '../project-storage.js';

export function resultCommand(io: Io): Command {
  const command = new Command('result')
    .description('wait for a run to end and print its result: text as it is, anything else as JSON')
    .argument('<run>', 'id of the run')
    .option('--json', 'print text as JSON too');
  return connecting(command).action(async (id: string, flags: ConnectionFlags & { json?: boolean }) =>
    withBaton({ ...flags, storage: await projectStorage(io) }, async (baton) =>
      sayResult(io, await baton.run(id).result(), flags),
    ),
  );
}

export function sayResult(io: Io, result: unknown, { json = false }: { json?: boolean } = {}): void {
  if (typeof result === 'string' && !json) say(io, result);
  else sayJson(io, result);
}
