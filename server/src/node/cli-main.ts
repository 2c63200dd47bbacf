import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { styleText } from 'node:util';
import type { CliHost, Style } from '../cli/host.ts';
import { runCli } from '../cli/main.ts';
import { apiWire } from './api-wire.ts';
import { disk } from './disk.ts';
import { runGit } from './git.ts';
import { nodeHost } from './host.ts';
import { hubAsker } from './hub-ask.ts';
import { readKept, writeKept } from './kept-prices.ts';
import { priceWorld } from './price-world.ts';
import { readInThreads, runThread, threadData } from './read-threads.ts';
import { hostUnder } from './under.ts';
import { mayBeRead, walkFolder } from './walk.ts';

const files = nodeHost(new URL('./assets/', pathToFileURL(__filename)));

// A reader that has seen enough (`| head`) closes the pipe: the rest is for nobody.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

/** Put in by the build, from package.json. */
declare const FLOPWISE_VERSION: string;

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function painted(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false });
}

/** NO_COLOR wins over FORCE_COLOR, and both over what the terminal can (no-color.org). */
function showsColors(): boolean {
  if (process.env['NO_COLOR']) return false;
  if (process.env['FORCE_COLOR']) return process.env['FORCE_COLOR'] !== '0';
  return process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';
}

const host: CliHost = {
  ...files,
  version: FLOPWISE_VERSION,
  out: (text) => process.stdout.write(`${text}\n`),
  error: (text) => process.stderr.write(`${text}\n`),
  progress(text) {
    // Overwrites one line; in a log or a pipe nobody could read it.
    if (process.stderr.isTTY && !process.env['CI']) process.stderr.write(`\r\u001b[K${text}`);
  },
  verbose: () => undefined,
  painted,
  paint: (style, text) => (showsColors() ? painted(style, text) : text),
  width: process.stdout.isTTY ? process.stdout.columns : undefined,
  uriOf: (path) => pathToFileURL(path).href,
  show: (uri) => (uri.startsWith('file:') ? relative(process.cwd(), fileURLToPath(uri)) || '.' : uri),
  async kindOf(uri) {
    const info = await stat(new URL(uri)).catch(() => undefined);
    if (info?.isFile()) return 'file';
    return info?.isDirectory() ? 'folder' : undefined;
  },
  walk: walkFolder,
  mayBeRead,
  git: runGit,
  env: (name) => process.env[name],
  async readInput() {
    const parts: Uint8Array[] = [];
    for await (const part of process.stdin) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  },
  api: apiWire,
  today: () => new Date().toISOString().slice(0, 10),
  hash: sha256,
  build: async () => sha256(await readFile(__filename)),
  kept: readKept,
  write: writeKept,
  readInThreads: (task) => readInThreads(__filename, task),
  disk,
  hub: hubAsker(),
  world: priceWorld,
  under: (folder) => hostUnder(folder, host),
  async serveTools(tools) {
    // The protocol's library is in a bundle of its own: no other command has to parse it.
    const { serveTools } = createRequire(__filename)('./mcp.cjs') as typeof import('./mcp-main.ts');
    await serveTools(tools, host);
  },
  async serve() {
    // The server's bundle starts when loaded and ends the process with its connection; other commands need not parse it.
    createRequire(__filename)('./server.cjs');
  },
};

const thread = threadData();
if (thread) {
  // What fails here is told by the thread's end.
  void runThread(thread, files, sha256);
} else {
  runCli(process.argv.slice(2), host).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(
        `flopwise: failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      process.exitCode = 2;
    },
  );
}
