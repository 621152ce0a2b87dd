import { namingStorage } from '../client/naming-storage.js';
import { namespaceIds } from '../storage/namespace-ids.js';
import { openStorage, readStorage } from '../storage/open-storage.js';
import { missing, note, ok, type Finding } from './health.js';
import type { Io } from './io.js';
import type { ProjectFlags } from './project-flags.js';
import { findProject } from './project.js';
import { readFailure } from './read-failure.js';

/** Where large values are kept, and whether that can be used from here. */
export async function examineStorage(flags: ProjectFlags, io: Io): Promise<Finding> {
  const name = 'Storage';
  try {
    const project = await findProject({ cwd: io.cwd, ...flags });
    const storage = openStorage(readStorage(project?.storage, io.cwd), namespaceIds(undefined, ''));
    if (!storage)
      return note(name, 'none: values over 2 MB fail, and long tool results are cut', 'set BATON_STORAGE');
    await namingStorage(storage.check());
    return ok(name, storage.where);
  } catch (error) {
    const { title, message, advice } = readFailure(error);
    return missing(name, message || title, advice);
  }
}
