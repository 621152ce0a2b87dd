import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The folder in which Baton keeps what is costly to get again, for this user: `BATON_CACHE_DIR`, else
 * `$XDG_CACHE_HOME/baton`, else the platform's own place for caches. It may not exist yet.
 */
export function cacheDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  if (env['BATON_CACHE_DIR']) return resolve(env['BATON_CACHE_DIR']);
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'baton');
  const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'baton');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'baton');
  return join(home, '.cache', 'baton');
}

/** What an executable's file is called here: `name`, on Windows `name.exe`. */
export function executableName(name: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? `${name}.exe` : name;
}
