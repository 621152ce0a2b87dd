import { relative } from 'node:path';
import { Command } from 'commander';
import type { Deployment } from '../../agents/deployment.js';
import { connectionOptions } from '../../connection.js';
import { buildText, setCurrentAdvice } from '../builds.js';
import { cleaningUp } from '../cleanup.js';
import { connecting, connectionSettings, withBaton, type ConnectionFlags } from '../connection-flags.js';
import { readDeployment } from '../examine-deployments.js';
import { remark, type Exit, type Io } from '../io.js';
import { inJson } from '../json-io.js';
import { missingProvider } from '../model-advice.js';
import { openModelSource } from '../model-source.js';
import { locatingProject, type ProjectFlags } from '../project-flags.js';
import { requireProject } from '../project.js';
import { untilStopped } from '../until-stopped.js';
import { runningWorker, workerSettings } from '../worker-flags.js';
import type { FlatSettings } from '../../worker/settings-table.js';

type Flags = ConnectionFlags & ProjectFlags & DeploymentFlags & FlatSettings & { offline?: boolean };

interface DeploymentFlags {
  deploymentName?: string;
  buildId?: string;
}

export function workerCommand(io: Io, exit: Exit): Command {
  const command = new Command('worker').description("run the project's agents, tools and orchestrations");
  locatingProject(command)
    .option(
      '--deployment-name <name>',
      'the application, for Worker Versioning; default TEMPORAL_DEPLOYMENT_NAME',
    )
    .option('--build-id <id>', 'which build of it this is; default TEMPORAL_WORKER_BUILD_ID')
    .option('--offline', 'answer with the offline model, which needs no key');
  return connecting(runningWorker(command)).action((flags: Flags) => runProjectWorker(flags, io, exit));
}

function runProjectWorker(flags: Flags, given: Io, exit: Exit): Promise<void> {
  const signal = given.interruption();
  return cleaningUp(async (cleanup) => {
    // The environment comes before the project is loaded, as its code may read it.
    const model = await openModelSource({ offline: flags.offline === true });
    cleanup.add(() => model.stop());
    const project = await requireProject({ cwd: given.cwd, ...flags });
    const { deploymentOf } = await import('../../worker/deployment.js');
    const deployment = deploymentOf({
      ...(flags.deploymentName === undefined ? {} : { name: flags.deploymentName }),
      ...(flags.buildId === undefined ? {} : { buildId: flags.buildId }),
    });
    const settings = workerSettings(flags, project.worker);
    const work = async (io: Io) => {
      const { hostWorker } = await import('../host-worker.js');
      const connection = connectionSettings(flags);
      const worker = await hostWorker({
        io,
        project,
        connection,
        taskQueue: flags.taskQueue,
        deployment,
        offline: model.offline,
        log: 'INFO',
        settings,
      });
      cleanup.add(() => worker.stop());
      const { address = 'localhost:7233' } = connectionOptions(connection).connection;
      const files = [project.agents, project.workflows].map((path) => relative(io.cwd, path)).join(', ');
      remark(io, `worker ready: ${files} · task queue ${worker.taskQueue} · ${address}`);
      if (deployment) remark(io, await deploymentText(flags, deployment));
      if (model.offline) remark(io, 'models are answered by the offline model');
      else for (const missing of missingProvider(project.models)) remark(io, `models may refuse: ${missing}`);
      await untilStopped(signal, { worker });
      remark(io, 'stopping: what is under way is finished or handed back; Ctrl-C again ends at once');
    };
    await (settings.logs === 'json' ? inJson(given, exit, work) : work(given));
  });
}

/** Which build it is, and whether new runs come to it. */
async function deploymentText(flags: ConnectionFlags, deployment: Deployment): Promise<string> {
  const { name, buildId } = deployment;
  // The server may not have heard of the deployment yet.
  const known = await withBaton(flags, ({ client }) => readDeployment(client, name)).catch(() => undefined);
  if (known?.current === buildId) return `${buildText(deployment)}, which is current`;
  const current = known?.current === undefined ? 'no build is' : `build ${known.current} is`;
  return `${buildText(deployment)}; ${current} current. New runs come to it after: ${setCurrentAdvice(name, buildId)}`;
}
