import { relative } from 'node:path';
import { Command } from 'commander';
import { connectionOptions } from '../../connection.js';
import { cleaningUp } from '../cleanup.js';
import { connecting, connectionSettings, type ConnectionFlags } from '../connection-flags.js';
import { remark, type Io } from '../io.js';
import { missingProvider } from '../model-advice.js';
import { openModelSource } from '../model-source.js';
import { locatingProject, type ProjectFlags } from '../project-flags.js';
import { requireProject } from '../project.js';
import { untilStopped } from '../until-stopped.js';

type Flags = ConnectionFlags & ProjectFlags & { offline?: boolean };

export function workerCommand(io: Io): Command {
  const command = new Command('worker').description("run the project's agents, tools and orchestrations");
  return connecting(
    locatingProject(command).option('--offline', 'answer with the offline model, which needs no key'),
  ).action((flags: Flags) => runProjectWorker(flags, io));
}

function runProjectWorker(flags: Flags, io: Io): Promise<void> {
  const signal = io.interruption();
  return cleaningUp(async (cleanup) => {
    // The environment comes before the project is loaded, as its code may read it.
    const model = await openModelSource({ offline: flags.offline === true });
    cleanup.add(() => model.stop());
    const project = await requireProject({ cwd: io.cwd, ...flags });
    const { hostWorker } = await import('../host-worker.js');
    const connection = connectionSettings(flags);
    const worker = await hostWorker({
      io,
      project,
      connection,
      taskQueue: flags.taskQueue,
      offline: model.offline,
      log: 'INFO',
    });
    cleanup.add(() => worker.stop());
    const { address = 'localhost:7233' } = connectionOptions(connection).connection;
    const files = [project.agents, project.workflows].map((path) => relative(io.cwd, path)).join(', ');
    remark(io, `worker ready: ${files} · task queue ${worker.taskQueue} · ${address}`);
    if (model.offline) remark(io, 'models are answered by the offline model');
    else for (const missing of missingProvider(project.models)) remark(io, `models may refuse: ${missing}`);
    await untilStopped(signal, { worker });
    remark(io, 'stopping: what is under way is finished or handed back; Ctrl-C again ends at once');
  });
}
