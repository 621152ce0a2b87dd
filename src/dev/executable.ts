import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { executableName } from './cache-dir.js';

/** Whether `path` is a file that this process may run. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** The first file called `name` in the folders of `PATH` that may be run, or nothing. */
export async function executableOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  // Windows spells the variable as it likes, and a copied environment is case-sensitive.
  const key = Object.keys(env).find((candidate) => candidate.toUpperCase() === 'PATH');
  const folders = (key && env[key]) || '';
  for (const folder of folders.split(delimiter)) {
    const path = join(folder, executableName(name));
    if (folder && (await isExecutable(path))) return path;
  }
  return undefined;
}
