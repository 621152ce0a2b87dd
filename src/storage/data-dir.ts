import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder in which Baton keeps this user's data: `$XDG_DATA_HOME/baton`, else the platform's own place for data. It may
 * not exist yet.
 */
export function dataDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  if (env['XDG_DATA_HOME']) return join(env['XDG_DATA_HOME'], 'baton');
  const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'baton');
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'baton', 'data');
  return join(home, '.local', 'share', 'baton');
}
