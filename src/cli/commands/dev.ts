import { relative } from 'node:path';
import { Command } from 'commander';
import { connecting, connectionSettings, type ConnectionFlags } from '../connection-flags.js';
import { cleaningUp, type Cleanup } from '../cleanup.js';
import {
  DATA_FOLDER,
  DEFAULT_PORT,
  DEFAULT_UI_PORT,
  openServer,
  type OpenServer,
} from '../embedded-server.js';
import type { HostedWorker } from '../host-worker.js';
import { remark, say, type Io } from '../io.js';
import { columns } from '../layout.js';
import { hasNoProvider, openModelSource } from '../model-source.js';
import { parsePort } from '../option-values.js';
import { paintFor } from '../paint.js';
import { locatingProject, type ProjectFlags } from '../project-flags.js';
import { findProject } from '../project.js';
import { untilStopped } from '../until-stopped.js';

interface Flags extends ConnectionFlags, ProjectFlags {
  port?: number;
  uiPort?: number;
  data: string;
  worker: boolean;
}

export function devCommand(io: Io): Command {
  const command = new Command('dev')
    .description('run everything here: Temporal server, model and the worker of the project')
    .option('--port <n>', `port of the server; default ${DEFAULT_PORT}, 0 for a free one`, parsePort)
    .option('--ui-port <n>', `port of Temporal's UI; default ${DEFAULT_UI_PORT}`, parsePort)
    .option('--data <folder>', 'where the server keeps its data', DATA_FOLDER)
    .option('--no-worker', 'run no worker');
  return connecting(locatingProject(command)).action((flags: Flags) => dev(flags, io));
}

function dev(flags: Flags, io: Io): Promise<void> {
  const signal = io.interruption();
  return cleaningUp(async (cleanup) => {
    const { port, uiPort, data } = flags;
    const server = await openServer({ io, flags, port, uiPort, data, portTaken: 'fail' });
    cleanup.add(() => server.stop());
    const model = flags.worker ? await openModelSource({ offline: hasNoProvider() }) : undefined;
    if (model) cleanup.add(() => model.stop());
    const { worker, shown } = flags.worker
      ? await bringUpWorker(flags, server, model?.offline === true, io, cleanup)
      : NO_WORKER;
    const rows = [
      ['Temporal server', `${server.address}  ${originOf(server)}`],
      ['Temporal UI', server.uiUrl ?? ''],
      ['Model', model?.label ?? ''],
      ['Worker', shown],
    ];
    const { bold } = paintFor(io.out);
    const present = rows.filter(([, value]) => value !== '');
    for (const line of columns(present.map(([name = '', value = '']) => [bold(name), value]))) say(io, line);
    // A server that was not started here is not this command's to keep up.
    if (!worker && server.origin.kind !== 'started')
      return say(io, '\nThere is nothing to do: the server is up, and there is no worker to run.');
    const where = server.isDefault ? '' : ` --address ${server.address}`;
    if (worker) say(io, `\nReady. In another terminal: npx baton start ORCHESTRATION --input JSON${where}`);
    else say(io, '\nReady for a worker.');
    say(io, 'Ctrl-C stops it; runs go on at the next start.');
    await untilStopped(signal, { worker, server });
    remark(io, '\nstopping; Ctrl-C again ends at once');
  });
}

const NO_WORKER = { worker: undefined, shown: '' };

async function bringUpWorker(
  flags: Flags,
  server: OpenServer,
  offline: boolean,
  io: Io,
  cleanup: Cleanup,
): Promise<{ worker: HostedWorker | undefined; shown: string }> {
  const project = await findProject({ cwd: io.cwd, ...flags });
  if (!project) {
    return {
      worker: undefined,
      shown: 'none: there is no baton.config.ts, and no agents.ts with workflows.ts',
    };
  }
  const { hostWorker } = await import('../host-worker.js');
  const connection = { ...connectionSettings(flags), address: server.address };
  const worker = await hostWorker({
    io,
    project,
    connection,
    taskQueue: flags.taskQueue,
    alone: true,
    offline,
    log: 'WARN',
  });
  cleanup.add(() => worker.stop());
  const files = [project.agents, project.workflows].map((path) => relative(io.cwd, path)).join(', ');
  return { worker, shown: `${files}  task queue ${worker.taskQueue}` };
}

function originOf({ origin }: OpenServer): string {
  if (origin.kind === 'started') return `data in ${origin.file}`;
  return origin.kind === 'configured' ? 'as configured' : 'was up already, and stays';
}
