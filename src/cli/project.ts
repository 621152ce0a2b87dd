import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { ExternalStorage, StorageDriver } from '@temporalio/common';
import { z } from 'zod';
import { CircuitOptions } from '../activities/circuits/circuit-settings.js';
import { BatonError } from '../agents/failures.js';
import { Models } from '../agents/models.js';
import { isOwnStorage, STORAGES, type Storage } from '../storage/open-storage.js';
import { readLocation } from '../storage/storage-location.js';
import { WorkerSettings } from '../worker/worker-settings.js';
import { loadModule } from './load-module.js';

/** What `baton.config.ts` exports by default. Paths are relative to it. */
export const ProjectConfig = z.strictObject({
  /** Module that defines agents and tools. Default `./agents.ts`. */
  agents: z.string().min(1).optional(),
  /** Module with the orchestrations. Default `./workflows.ts`. */
  workflows: z.string().min(1).optional(),
  /** Module with plain Temporal activities of the user's own, given to the worker. */
  activities: z.string().min(1).optional(),
  models: Models.optional(),
  /** When a model whose provider is down is left alone; `false`: never. */
  circuits: z
    .union([z.literal(false), CircuitOptions], { error: 'false, or settings such as { failures: 5 }' })
    .optional(),
  /** Default `baton`. */
  taskQueue: z.string().min(1).optional(),
  /** Where large values are kept: a folder, `s3://bucket/prefix`, a storage of one's own, or `false`. Default: `BATON_STORAGE`. */
  storage: z
    .union([z.string().min(1), z.literal(false), z.custom<StorageDriver | ExternalStorage>(isOwnStorage)], {
      error: STORAGES,
    })
    .optional(),
  /** How the worker is run and watched; flags and environment come before it. */
  worker: WorkerSettings.optional(),
});
export type ProjectConfig = z.infer<typeof ProjectConfig>;

/** Where a project's code is; the files may not be there. Paths are absolute. */
export interface Project {
  folder: string;
  /** The configuration file, where there is one. */
  file?: string;
  agents: string;
  workflows: string;
  activities?: string;
  models?: Models;
  circuits?: CircuitOptions | false;
  taskQueue?: string;
  storage?: Storage;
  worker?: WorkerSettings;
}

/** A project's code, loaded. Workflows are not loaded but bundled. */
export interface Definitions {
  agents: Readonly<Record<string, unknown>>;
  activities?: Readonly<Record<string, unknown>>;
}

export interface ProjectSearch {
  cwd: string;
  /** Given by flags, relative to `cwd`; they come before the configuration. */
  config?: string | undefined;
  agents?: string | undefined;
  workflows?: string | undefined;
}

const EXTENSIONS = ['.ts', '.js', '.mjs'];

/**
 * The project of a folder: `baton.config.{ts,js,mjs}`, else `agents.ts` and `workflows.ts`; undefined where there is
 * neither.
 * @throws BatonError `ConfigInvalid`
 */
export async function findProject({
  cwd,
  config,
  agents,
  workflows,
}: ProjectSearch): Promise<Project | undefined> {
  const file = config === undefined ? present(cwd, 'baton.config') : resolve(cwd, config);
  const folder = file === undefined ? cwd : dirname(file);
  const settings = file === undefined ? {} : await readConfig(file, cwd);
  const module = (flag: string | undefined, configured: string | undefined, name: string) => {
    if (flag !== undefined) return resolve(cwd, flag);
    return configured === undefined ? present(folder, name) : resolve(folder, configured);
  };
  const agentsPath = module(agents, settings.agents, 'agents');
  const workflowsPath = module(workflows, settings.workflows, 'workflows');
  if (file === undefined && (agentsPath === undefined || workflowsPath === undefined)) return undefined;
  const { activities, models, circuits, taskQueue, storage, worker } = settings;
  return {
    folder,
    ...(file === undefined ? {} : { file }),
    agents: agentsPath ?? join(folder, 'agents.ts'),
    workflows: workflowsPath ?? join(folder, 'workflows.ts'),
    ...(activities === undefined ? {} : { activities: resolve(folder, activities) }),
    ...(models === undefined ? {} : { models }),
    ...(circuits === undefined ? {} : { circuits }),
    ...(taskQueue === undefined ? {} : { taskQueue }),
    ...(storage === undefined ? {} : { storage: located(storage, folder) }),
    ...(worker === undefined ? {} : { worker }),
  };
}

/** As `findProject`, for those who need one. @throws BatonError `ConfigInvalid` */
export async function requireProject(search: ProjectSearch): Promise<Project> {
  const project = await findProject(search);
  if (project) return project;
  throw new BatonError(
    'ConfigInvalid',
    'no baton.config.ts here, and no agents.ts with workflows.ts: go to the folder of a project, or name its files with --agents and --workflows',
  );
}

/** Loads agents, tools and activities. @throws BatonError `ConfigInvalid` */
export async function loadDefinitions({
  folder,
  agents,
  workflows,
  activities,
}: Project): Promise<Definitions> {
  for (const path of [agents, workflows, ...(activities === undefined ? [] : [activities])]) {
    if (!isFile(path))
      throw new BatonError(
        'ConfigInvalid',
        `${shown(path, folder)} is ${existsSync(path) ? 'no file' : 'not there'} (in ${folder})`,
      );
  }
  return {
    agents: await loadModule(agents, shown(agents, folder)),
    ...(activities === undefined ? {} : { activities: await functionsOf(activities, folder) }),
  };
}

async function functionsOf(path: string, folder: string) {
  const exported = await loadModule(path, shown(path, folder));
  return Object.fromEntries(Object.entries(exported).filter(([, value]) => typeof value === 'function'));
}

async function readConfig(file: string, cwd: string): Promise<ProjectConfig> {
  const name = shown(file, cwd);
  if (!isFile(file))
    throw new BatonError('ConfigInvalid', `${name} is ${existsSync(file) ? 'no file' : 'not there'}`);
  const loaded = await loadModule(file, name);
  // A configuration that has to be awaited would otherwise count as an empty one.
  const exported = await loaded['default'];
  if (exported === undefined)
    throw new BatonError('ConfigInvalid', `${name} has no default export: export default { ... }`);
  const parsed = ProjectConfig.safeParse(exported);
  if (!parsed.success) throw new BatonError('ConfigInvalid', `${name}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** A folder is relative to the configuration, wherever a command is run. @throws BatonError `ConfigInvalid` */
function located(storage: Storage, folder: string): Storage {
  if (typeof storage !== 'string') return storage;
  const location = readLocation(storage, folder);
  return location.kind === 'folder' ? location.path : storage;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function present(folder: string, name: string): string | undefined {
  return EXTENSIONS.map((extension) => join(folder, name + extension)).find((path) => existsSync(path));
}

function shown(path: string, folder: string): string {
  return relative(folder, path) || path;
}
