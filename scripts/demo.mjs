// From a fresh clone to figures: installs, builds, prints what the examples cost, opens one in VS Code where there is one.
// Uses Node's own modules only, so that it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url)).replace(/[\\/]$/, '');
const windows = process.platform === 'win32';
const steps = 4;
let step = 0;

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`Node ${process.versions.node} is too old: 20 or newer is needed.`);
  process.exit(2);
}

/** Prints a line of progress, runs the work, prints how long it took. */
function progress(title, work) {
  step += 1;
  const since = performance.now();
  console.log(`[${step}/${steps}] ${title}`);
  const said = work();
  console.log(`[${step}/${steps}] ${said ?? 'done'} (${((performance.now() - since) / 1000).toFixed(1)} s)\n`);
}

function run(command, words, options = {}) {
  const { status, error } = spawnSync(command, words, { cwd: root, stdio: 'inherit', shell: windows, ...options });
  if (status === 0) return;
  console.error(`${command} ${words.join(' ')}: ${error ? error.message : `ended with ${status}`}`);
  process.exit(status || 2);
}

/** True where every direct dependency lies in node_modules in the version of the lockfile. */
function isInstalled() {
  const read = (path) =>
    existsSync(join(root, path)) ? JSON.parse(readFileSync(join(root, path), 'utf8')) : undefined;
  const { packages } = read('package-lock.json');
  const direct = Object.keys({ ...packages[''].dependencies, ...packages[''].devDependencies });
  return direct.every((name) => {
    const key = `node_modules/${name}`;
    return read(`${key}/package.json`)?.version === packages[key]?.version;
  });
}

progress('Installing the packages of the lockfile', () => {
  if (isInstalled()) return 'already there';
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
});

progress('Building the extension, the server and the command line', () => {
  run(process.execPath, ['esbuild.mjs'], { shell: false });
});

progress('Estimating the examples, without running them', () => {
  const examples = readdirSync(join(root, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of examples) {
    console.log(`\nexamples/${name}`);
    const { status } = spawnSync(process.execPath, ['dist/cli.cjs', 'estimate', join('examples', name)], {
      cwd: root,
      stdio: 'inherit',
    });
    // 1 says that there are findings, which is what the examples are for.
    if (status !== 0 && status !== 1) process.exit(status ?? 2);
  }
  console.log('');
  return `${examples.length} examples`;
});

progress('Opening the first example in VS Code', () => {
  const names = windows ? ['code.cmd', 'code.exe'] : ['code'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
  if (!found)
    return 'no `code` command here: open examples/llama-sft in VS Code with the extension of `npm run package`';
  run(found, [`--extensionDevelopmentPath=${root}`, join(root, 'examples/llama-sft')]);
  return 'opened';
});
