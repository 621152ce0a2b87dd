import { relative } from 'node:path';
import type { Baton } from '../client.js';
import { connectionOptions } from '../connection.js';
import { SEARCH_ATTRIBUTE } from '../agents/names.js';
import { Registry } from '../activities/registry.js';
import { lookForTemporalBinary, temporalVersion } from '../dev/temporal-binary.js';
import { connectionSettings, withBaton, type ConnectionFlags } from './connection-flags.js';
import { examineCircuits } from './examine-circuits.js';
import { examineDeployments } from './examine-deployments.js';
import { missing, note, ok, type Finding } from './health.js';
import { examineStorage } from './examine-storage.js';
import type { Io } from './io.js';
import { missingProvider } from './model-advice.js';
import type { ProjectFlags } from './project-flags.js';
import { findProject, loadDefinitions, type Project } from './project.js';
import { readFailure } from './read-failure.js';
import { isRegistered } from './search-attribute.js';

/** Node 20.12 has `util.styleText`, which the command line uses. */
const LEAST_NODE = [20, 12] as const;

/** Looks at everything that Baton needs on this machine and in this folder. */
export async function examine(flags: ConnectionFlags & ProjectFlags, io: Io): Promise<Finding[]> {
  return [
    examineNode(process.versions.node),
    await examineBinary(),
    ...(await examineServer(flags)),
    ...(await examineProject(flags, io)),
    await examineStorage(flags, io),
  ];
}

export function examineNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return isNew
    ? ok('Node.js', version)
    : missing('Node.js', version, `install Node.js ${LEAST_NODE.join('.')} or newer`);
}

async function examineBinary(): Promise<Finding> {
  const name = 'Temporal CLI';
  const whence = { env: 'BATON_TEMPORAL_BIN', path: 'PATH', cache: "Baton's cache" } as const;
  try {
    const found = await lookForTemporalBinary();
    if (!found) {
      return note(
        name,
        'not installed',
        'npx baton server install; npx baton dev and demo do it by themselves',
      );
    }
    const source = found.source in whence ? whence[found.source as keyof typeof whence] : found.source;
    return ok(name, `${found.path} (${source}), ${await temporalVersion(found.path)}`);
  } catch (error) {
    return missingBy(name, error);
  }
}

async function examineServer(flags: ConnectionFlags): Promise<Finding[]> {
  const name = 'Temporal server';
  try {
    const { connection, namespace } = connectionOptions(connectionSettings(flags));
    return await withBaton(flags, async (baton) => {
      await baton.client.workflowService.describeNamespace({ namespace });
      const server = ok(name, `${connection.address ?? 'localhost:7233'}, namespace ${namespace}`);
      return [
        server,
        await examineSearchAttribute(baton),
        ...(await examineCircuits(baton)),
        // Servers that know of no deployments have none.
        ...(await examineDeployments(baton).catch(() => [])),
      ];
    });
  } catch (error) {
    return [missingBy(name, error)];
  }
}

async function examineSearchAttribute({ client }: Baton): Promise<Finding> {
  const name = 'Search attribute';
  try {
    if (await isRegistered(client)) return ok(name, `${SEARCH_ATTRIBUTE} is registered`);
    const text = `${SEARCH_ATTRIBUTE} is not registered: the inbox must look at every open run`;
    return note(name, text, 'npx baton setup');
  } catch (error) {
    return missingBy(name, error);
  }
}

async function examineProject(flags: ProjectFlags, io: Io): Promise<Finding[]> {
  const name = 'Project';
  let project: Project | undefined;
  try {
    project = await findProject({ cwd: io.cwd, ...flags });
    if (!project) {
      const text = 'none here: no baton.config.ts, and no agents.ts with workflows.ts';
      return [note(name, text, 'go to the folder of a project'), examineModels(undefined)];
    }
    const { agents } = await loadDefinitions(project);
    const registry = new Registry(agents, project.models);
    const paths = [project.file, project.agents, project.workflows].flatMap((path) =>
      path === undefined ? [] : [relative(io.cwd, path)],
    );
    return [
      ok(name, paths.join(', ')),
      ok('Agents', registry.agentNames.join(', ') || 'none'),
      ok('Tools', names(registry.tools)),
      examineModels(project),
    ];
  } catch (error) {
    return [missingBy(name, error), ...(project ? [examineModels(project)] : [])];
  }
}

function examineModels(project: Project | undefined): Finding {
  const lacking = missingProvider(project?.models);
  if (lacking.length === 0)
    return ok('Models', Object.keys(project?.models ?? {}).join(', ') || "OpenAI's own names");
  const advice = 'set it on the worker; npx baton dev and demo use the offline model until then';
  return note('Models', lacking.join('; '), advice);
}

function names(entries: ReadonlyMap<string, unknown>): string {
  return [...entries.keys()].join(', ') || 'none';
}

function missingBy(name: string, error: unknown): Finding {
  const { title, message, advice } = readFailure(error);
  return missing(name, message || title, advice);
}
