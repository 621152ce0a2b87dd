import type { Storage } from '../storage/open-storage.js';
import type { Io } from './io.js';
import { findProject } from './project.js';

/** The storage that the project of the current folder names; undefined: what holds by itself. @throws BatonError `ConfigInvalid` */
export async function projectStorage(io: Io): Promise<Storage | undefined> {
  return (await findProject({ cwd: io.cwd }))?.storage;
}
