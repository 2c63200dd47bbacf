// Where the real VS Code and Chromium lie, if they do.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that install-host.sh fills. */
export const hostFolder = process.env.VSCODE_HOST ?? fileURLToPath(new URL('../../.vscode-host', import.meta.url));

/** True where a VS Code host is installed. */
export function hasHost() {
  return existsSync(join(hostFolder, 'node_modules/code-server/out/node/entry.js'));
}

/** Path of a Chromium, undefined where none is found in the usual places. */
export function findChromium() {
  const places = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  return places.find((path) => path && existsSync(path));
}
