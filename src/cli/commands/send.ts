import { Command } from 'commander';
import { BatonError } from '../../agents/failures.js';
import type { Json } from '../../agents/json.js';
import type { Baton, SendOptions } from '../../client.js';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { CliError } from '../failures.js';
import { say, sayJson, type Io } from '../io.js';
import { findProject } from '../project.js';
import { readRunInput } from '../run-input.js';
import { missingWorkerOrFirst, workerMissing } from '../worker-wait.js';

interface Flags extends ConnectionFlags {
  agent?: string;
  data?: string;
  id?: string;
  close?: boolean;
  taskQueue?: string;
  json?: boolean;
}

export function sendCommand(io: Io): Command {
  const command = new Command('send')
    .description('send a session a message, and print the answer')
    .argument('<session>', 'id of the session, such as ticket-42')
    .argument('[message]', 'the message, as text')
    .option('--agent <name>', 'agent that the session is begun with, where it is not going on')
    .option('--data <json>', 'the message as data: JSON, @FILE, or - for standard input')
    .option('--id <id>', 'id of the message; the same id again gets the same answer')
    .option('--close', 'end the session after it')
    .option('--task-queue <name>', "task queue of a new session; default: the project's, else baton")
    .option('--json', 'print the answer as JSON');
  return connecting(command).action((session: string, message: string | undefined, flags: Flags) =>
    send(session, message, flags, io),
  );
}

async function send(session: string, text: string | undefined, flags: Flags, io: Io): Promise<void> {
  const message = flags.data === undefined ? text : await readRunInput(flags.data, io, '--data');
  if (message === undefined && !flags.close) {
    throw new CliError('Usage', 'Give a message, as text or with --data.', {
      advice: 'npx baton send --help',
    });
  }
  const taskQueue = flags.taskQueue ?? (await findProject({ cwd: io.cwd }))?.taskQueue;
  await withBaton({ ...flags, taskQueue }, async (baton) => {
    if (message !== undefined) {
      const options = flags.id === undefined ? {} : { id: flags.id };
      // It came as JSON, or is text.
      const answer = await answerOf(baton, session, message as Json, flags, options);
      if (flags.json) sayJson(io, answer);
      else say(io, typeof answer === 'string' ? answer : JSON.stringify(answer, null, 2));
    }
    if (flags.close) await baton.run(session).close();
  });
}

async function answerOf(
  baton: Baton,
  id: string,
  message: Json,
  { agent }: Flags,
  options: SendOptions,
): Promise<unknown> {
  const missing = await missingWorkerOrFirst(baton, id);
  if (missing) throw workerMissing(missing);
  if (agent !== undefined) return baton.session(agent, { id }).send(message, options);
  try {
    return await baton.run(id).send(message, options);
  } catch (error) {
    if (!(error instanceof BatonError) || error.code !== 'RunNotFound') throw error;
    const advice = `begin the session with: npx baton send ${id} --agent NAME MESSAGE`;
    throw new CliError('RunNotFound', error.message, { cause: error, advice });
  }
}
