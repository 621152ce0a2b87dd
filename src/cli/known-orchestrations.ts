import { relative } from 'node:path';
import { orchestrations } from '../workflows/orchestrations/index.js';
import { loadModule } from './load-module.js';
import type { Project } from './project.js';

/**
 * Names of the orchestrations that a project's worker runs, Baton's own among them; undefined where it takes every name, as its module
 * has a default export.
 * @throws BatonError `ConfigInvalid` where the module cannot be loaded
 */
export async function knownOrchestrations({ workflows, folder }: Project): Promise<Set<string> | undefined> {
  const exported = await loadModule(workflows, relative(folder, workflows));
  if (exported['default'] !== undefined) return undefined;
  const own = Object.keys(exported).filter((name) => typeof exported[name] === 'function');
  return new Set([...own, ...Object.keys(orchestrations)]);
}
