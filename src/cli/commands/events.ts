import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Command } from 'commander';
import { createEventHandler } from '../../client.js';
import { cleaningUp } from '../cleanup.js';
import { connecting, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { CliError } from '../failures.js';
import { remark, say, type Io } from '../io.js';
import { parsePort } from '../option-values.js';
import { findProject } from '../project.js';
import { untilStopped } from '../until-stopped.js';

interface Flags extends ConnectionFlags {
  port: number;
  host: string;
  taskQueue?: string;
}

const DEFAULT_PORT = 8090;
const LOOPBACK = ['127.0.0.1', 'localhost', '::1', '[::1]'];

export function eventsCommand(io: Io): Command {
  const command = new Command('events')
    .description('take events over HTTP: POST /events/NAME with { "id", "data" }')
    .option('--port <n>', 'port; 0 for a free one', parsePort, DEFAULT_PORT)
    .option(
      '--host <host>',
      'address to listen on; beyond this machine whoever reaches it may emit',
      '127.0.0.1',
    )
    .option('--task-queue <name>', "task queue of the subscriptions; default: the project's, else baton");
  return connecting(command).action((flags: Flags) => serve(flags, io));
}

async function serve(flags: Flags, io: Io): Promise<void> {
  const signal = io.interruption();
  const taskQueue = flags.taskQueue ?? (await findProject({ cwd: io.cwd }))?.taskQueue;
  await withBaton({ ...flags, taskQueue }, (baton) =>
    cleaningUp(async (cleanup) => {
      const isLocal = LOOPBACK.includes(flags.host);
      const handle = createEventHandler(baton);
      const server = createServer((request, response) => {
        // A page that has its own name lead here would otherwise speak as if it were at home.
        if (isLocal && !isAtHome(request.headers.host)) response.writeHead(403).end();
        else void handle(request, response);
      });
      await listen(server, flags);
      cleanup.add(async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      });
      const { port } = server.address() as AddressInfo;
      const host = flags.host.includes(':') ? `[${flags.host}]` : flags.host;
      say(io, `taking events at http://${host}:${port}/events/NAME`);
      if (!isLocal)
        remark(io, 'whoever reaches this address may emit events: put it behind what asks who they are');
      await untilStopped(signal, {});
    }),
  );
}

function isAtHome(host = ''): boolean {
  return LOOPBACK.includes(host.replace(/:\d+$/, ''));
}

function listen(server: ReturnType<typeof createServer>, { port, host }: Flags): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new CliError('ConfigInvalid', `${host}:${port} cannot be listened on: ${cause.message}`, {
          cause,
          advice: 'choose another with --port, or --port 0 for a free one',
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}
