// How fast it is on this machine: the core by itself, then the real server over its streams. Prints a table of medians beside the
// budget in bench-budget.json (milliseconds), which is held against it in review: no run fails on it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { longScript, quantile } from './long-script.mjs';

const require = createRequire(import.meta.url);
const { createProtocolConnection, StreamMessageReader, StreamMessageWriter } = require('vscode-languageserver/node');
const root = fileURLToPath(new URL('../', import.meta.url));
const quick = process.argv.includes('--quick');
const keystrokes = quick ? 60 : 200;
const starts = quick ? 3 : 7;
const folder = join(root, 'out/bench');
mkdirSync(folder, { recursive: true });
execFileSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });

const script = join(folder, 'train.py');
writeFileSync(script, longScript);
for (const name of ['run.sbatch', 'fsdp.yaml']) {
  writeFileSync(join(folder, name), readFileSync(join(root, 'examples/llama-sft', name)));
}

const budget = JSON.parse(readFileSync(new URL('bench-budget.json', import.meta.url), 'utf8'));
const rows = [];
const budgetOf = (what) =>
  budget[what] === undefined ? '' : `(budget ${budget[what]} ${what.endsWith(', MB') ? 'MB' : 'ms'})`;
const row = (what, value, unit = 'ms', note = '') =>
  rows.push([what, `${value.toFixed(value < 1 ? 3 : value < 10 ? 2 : 0)} ${unit}`, budgetOf(what), note]);

async function bundled(name) {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(root, `test/bench/${name}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  return outfile;
}

async function core() {
  const words = [await bundled('core'), join(root, 'dist/assets'), script, quick ? '5' : '15'];
  const { lines, ...times } = JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' }));
  for (const [what, time] of Object.entries(times)) {
    if (time !== undefined)
      row(
        what,
        time,
        what.endsWith(', MB') ? 'MB' : 'ms',
        /^load|^decode|^tables|^one |^search|plans$/.test(what) ? '' : `${lines} lines`,
      );
  }
}

/** Files of all kinds, each under a name that was never seen. */
async function unseen() {
  const words = [await bundled('cold'), join(root, 'dist/assets'), join(root, 'test/fixtures'), join(root, 'examples')];
  const { files, p50, p95 } = JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' }));
  row('facts of a file never read, p50', p50, 'ms', `${files} files of all kinds`);
  row('facts of a file never read, p95', p95);
}

/** A repository of 10,000 files. */
async function repository() {
  const words = [
    await bundled('tree'),
    join(root, 'dist/assets'),
    join(root, 'test/fixtures/readers'),
    join(folder, 'tree'),
  ];
  const {
    files,
    mentioned,
    'files read to open one': read,
    ...times
  } = JSON.parse(execFileSync(process.execPath, [...words, quick ? '2000' : '10000'], { encoding: 'utf8' }));
  row(
    'filter a repository by mentions',
    times['filter by mentions'],
    'ms',
    `${files} files, ${mentioned} may say something`,
  );
  row('open one file and link it', times['open one and link it'], 'ms', `${read} files read`);
  row('link again after an edit', times['link again after an edit']);
}

/** A started server with the script open; the time to its answers. */
async function session() {
  const began = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist/server.cjs'), '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  const uri = pathToFileURL(script).href;
  const capabilities = { textDocument: { diagnostic: {} } };
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities,
  });
  const ready = performance.now() - began;
  await connection.sendNotification('initialized', {});
  let text = readFileSync(script, 'utf8');
  const textDocument = { uri };
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'python', version: 1, text },
  });
  const range = { start: { line: 0, character: 0 }, end: { line: 1e6, character: 0 } };
  const hints = () => connection.sendRequest('textDocument/inlayHint', { textDocument, range });
  const found = await hints();
  if (found.length === 0) throw new Error('the server shows no hints');
  const first = performance.now() - began;
  let version = 1;
  return {
    ready,
    first,
    hints,
    /** Types one character into the batch size or takes it back, and waits for the hints. */
    async keystroke() {
      const mark = 'per_device_train_batch_size=';
      const at = text.indexOf(mark) + mark.length;
      const line = text.slice(0, at).split('\n').length - 1;
      const character = at - (text.lastIndexOf('\n', at - 1) + 1);
      const typed = text[at + 1] === ',';
      const end = { line, character: character + (typed ? 0 : 1) };
      const change = { range: { start: { line, character }, end }, text: typed ? '1' : '' };
      text = typed ? `${text.slice(0, at)}1${text.slice(at)}` : text.slice(0, at) + text.slice(at + 1);
      version += 1;
      const since = performance.now();
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [change],
      });
      await hints();
      return performance.now() - since;
    },
    memory() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    },
    async end() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      await gone;
    },
  };
}

async function server() {
  const ready = [];
  const first = [];
  for (let at = 0; at < starts; at += 1) {
    const one = await session();
    ready.push(one.ready);
    first.push(one.first);
    await one.end();
  }
  row('server start to initialize', quantile(ready, 0.5));
  row(
    'server start to first hints',
    quantile(first, 0.5),
    'ms',
    'script, launcher and config joined; code kept by the first start',
  );
  const one = await session();
  const times = [];
  const linux = process.platform === 'linux';
  for (let at = 0; at < 20; at += 1) await one.keystroke();
  const before = linux ? one.memory() : 0;
  for (let at = 0; at < keystrokes; at += 1) times.push(await one.keystroke());
  row('keystroke to hints, p50', quantile(times, 0.5), 'ms', `${keystrokes} keystrokes, 2,000 lines`);
  row('keystroke to hints, p95', quantile(times, 0.95));
  if (linux) {
    row('server memory', before, 'MiB');
    for (let at = 0; at < (quick ? 100 : 800); at += 1) await one.keystroke();
    row('server memory after all edits', one.memory(), 'MiB', `${keystrokes + (quick ? 120 : 820)} edits`);
  }
  await one.end();
}

await core();
await unseen();
await repository();
await server();
const widths = [0, 1, 2].map((column) => Math.max(...rows.map((cells) => cells[column].length)));
for (const [what, value, allowed, note] of rows) {
  console.log(
    `${what.padEnd(widths[0])}  ${value.padStart(widths[1])}  ${allowed.padEnd(widths[2])}  ${note}`.trimEnd(),
  );
}
