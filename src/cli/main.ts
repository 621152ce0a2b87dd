import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { approvalsCommand } from './commands/approvals.js';
import { approveCommand, rejectCommand } from './commands/answer.js';
import { cancelCommand } from './commands/cancel.js';
import { demoCommand } from './commands/demo.js';
import { devCommand } from './commands/dev.js';
import { emitCommand } from './commands/emit.js';
import { eventsCommand } from './commands/events.js';
import { doctorCommand } from './commands/doctor.js';
import { explainCommand } from './commands/explain.js';
import { gcCommand } from './commands/gc.js';
import { listCommand } from './commands/list.js';
import { replayCommand } from './commands/replay.js';
import { resultCommand } from './commands/result.js';
import { sendCommand } from './commands/send.js';
import { serverCommand } from './commands/server.js';
import { setupCommand } from './commands/setup.js';
import { showCommand } from './commands/show.js';
import { terminateCommand } from './commands/terminate.js';
import { undoCommand } from './commands/undo.js';
import { startCommand } from './commands/start.js';
import { workerCommand } from './commands/worker.js';
import { FAILED, INTERRUPTED, MISUSED, OK } from './exit-codes.js';
import { CliError } from './failures.js';
import type { Exit, Io } from './io.js';
import { packageRoot } from './package-root.js';
import { isInterruption } from './read-failure.js';
import { refuseEmpty } from './refuse-empty.js';
import { renderFailure } from './render-failure.js';

/**
 * Runs one command, `argv` being the words after `baton`, and gives its exit code: 0 done, 1 failed, 2 not understood.
 * It never throws: failures are written to `io.err`.
 */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  let code = OK;
  const program = buildProgram(io, (given) => (code = given));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return OK;
    if (isInterruption(error)) return INTERRUPTED;
    const failure = error instanceof CommanderError ? misuse(error, argv, program) : error;
    io.err.write(renderFailure(failure, io.err, { debug: argv.includes('--debug') }));
    return failure instanceof CliError && failure.code === 'Usage' ? MISUSED : FAILED;
  }
}

function buildProgram(io: Io, exit: Exit): Command {
  const program = new Command('baton')
    .description('Durable orchestration of AI agents on Temporal.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpCommand(false)
    .addHelpText('after', '\nWithout anything set up, begin with: npx baton demo');
  program.commandsGroup('Try and develop:');
  program.addCommand(demoCommand(io, exit)).addCommand(devCommand(io)).addCommand(workerCommand(io, exit));
  program.addCommand(replayCommand(io, exit));
  program.commandsGroup('Runs:');
  program
    .addCommand(explainCommand(io))
    .addCommand(startCommand(io))
    .addCommand(listCommand(io))
    .addCommand(showCommand(io));
  program.addCommand(resultCommand(io)).addCommand(cancelCommand(io)).addCommand(undoCommand(io));
  program.addCommand(terminateCommand(io));
  program.commandsGroup('Events and sessions:');
  program.addCommand(sendCommand(io)).addCommand(emitCommand(io)).addCommand(eventsCommand(io));
  program.commandsGroup('People:');
  program.addCommand(approvalsCommand(io)).addCommand(approveCommand(io)).addCommand(rejectCommand(io));
  program.commandsGroup('Set-up:');
  program.addCommand(doctorCommand(io, exit)).addCommand(setupCommand(io)).addCommand(serverCommand(io));
  program.addCommand(gcCommand(io));
  for (const command of withDescendants(program)) settle(command, io);
  program.hook('preAction', (_, command) => refuseEmpty(command));
  return program;
}

/** What holds for every command; commander hands its settings on only to commands that it makes itself. */
function settle(command: Command, io: Io): void {
  command
    .exitOverride()
    .configureHelp({ helpWidth: Math.min(100, io.out.columns ?? 100) })
    .configureOutput({
      writeOut: (text) => void io.out.write(text),
      // Misuse is rendered with all other failures.
      writeErr: () => undefined,
    });
}

function withDescendants(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withDescendants)];
}

function misuse(error: CommanderError, argv: readonly string[], program: Command): CliError {
  // Commander throws this where no command is named, as it would then show the help.
  const message = error.code === 'commander.help' ? 'Name a command.' : error.message.replace(/^error: /, '');
  const named = program.commands.find((command) => command.name() === argv[0]);
  return new CliError('Usage', message, {
    advice: named ? `npx baton ${named.name()} --help` : 'npx baton --help',
    cause: error,
  });
}

function packageVersion(): string {
  const text = readFileSync(new URL('package.json', packageRoot()), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
