import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where things are kept for this user from one run to the next: in the cache folder of the platform, never in a folder of the project. */
export function keptFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  return join(cacheFolder(env, platform, home), 'flopwise');
}

function cacheFolder(env: Readonly<Record<string, string | undefined>>, platform: string, home: string): string {
  const asked = env['XDG_CACHE_HOME'];
  // A relative path would depend on the folder of the project: by the XDG specification it is to be ignored.
  if (asked && isAbsolute(asked)) return asked;
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  const local = env['LOCALAPPDATA'];
  if (platform === 'win32') return local && isAbsolute(local) ? local : join(home, 'AppData', 'Local');
  return join(home, '.cache');
}
