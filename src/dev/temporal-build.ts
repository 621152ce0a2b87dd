import { join } from 'node:path';
import { executableName } from './cache-dir.js';
import { goInstall, type GoInstallOptions } from './go-install.js';

/** The version that Baton's measurements and tests were made with (server 1.29.1). */
export const TEMPORAL_MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

export type BuildOptions = Omit<GoInstallOptions, 'what' | 'packages'>;

/** Builds the pinned Temporal CLI with Go and returns the file's path. Throws with the last lines of Go's output. */
export async function buildTemporal(options: BuildOptions): Promise<string> {
  await goInstall({ ...options, what: 'the Temporal CLI', packages: [TEMPORAL_MODULE] });
  return join(options.folder, executableName('temporal'));
}
