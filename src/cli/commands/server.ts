import { Command } from 'commander';
import { installTemporalBinary, lookForTemporalBinary, temporalVersion } from '../../dev/temporal-binary.js';
import { DevError } from '../../dev/dev-error.js';
import { debuggable } from '../connection-flags.js';
import { say, type Io } from '../io.js';
import { Progress } from '../progress.js';

export function serverCommand(io: Io): Command {
  const install = new Command('install')
    .description('get the Temporal CLI, with the development server in it, into the cache of this user')
    .action(async () => {
      const progress = new Progress(io.err);
      const signal = io.interruption();
      const { path, source } = await installTemporalBinary({
        onProgress: (line) => progress.show(line),
        signal,
      });
      progress.end();
      const how = source === 'cache' ? 'was here already' : source === 'built' ? 'built' : 'ready';
      say(io, `${await temporalVersion(path)}\n${path} (${how})`);
    });
  const path = new Command('path')
    .description('print the path of the Temporal CLI that Baton uses')
    .action(async () => {
      const found = await lookForTemporalBinary();
      if (!found) {
        throw new DevError('TemporalBinaryUnavailable', 'None is installed yet.', 'npx baton server install');
      }
      say(io, found.path);
    });
  return new Command('server')
    .description('the Temporal development server on this machine')
    .addCommand(debuggable(install))
    .addCommand(debuggable(path));
}
