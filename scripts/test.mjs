// Runs every test that can run on this machine and says what it leaves out. The last line is "N passed, N failed".
// FLOPWISE_HOST=1 (or CI=true) also installs a real VS Code and Chromium where they are missing; FLOPWISE_HOST=0 leaves them out.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findChromium, hasHost } from '../test/host/find.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const wanted = process.env.FLOPWISE_HOST ?? (process.env.CI ? '1' : undefined);
const began = performance.now();
const total = { passed: 0, failed: 0 };
const skipped = [];

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const add = (passed, failed) => {
  total.passed += passed;
  total.failed += failed;
};
const run = (command, words, options = {}) =>
  spawnSync(command, words, { cwd: root, stdio: 'inherit', env: process.env, ...options }).status ?? 1;

function step(title, work) {
  const since = performance.now();
  console.log(`\n== ${title}`);
  work();
  console.log(`== ${title}: ${seconds(since)}`);
}

/** Unit, protocol, bundle and command line tests. */
function vitest() {
  const report = 'out/vitest.json';
  mkdirSync(`${root}out`, { recursive: true });
  rmSync(root + report, { force: true });
  const words = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const status = run(process.execPath, words);
  if (!existsSync(root + report)) return add(0, 1);
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(root + report, 'utf8'));
  add(numPassedTests, status !== 0 && numFailedTests === 0 ? 1 : numFailedTests);
}

/** A script that ends with "N passed, N failed". */
function counted(script) {
  const { stdout, status } = spawnSync(process.execPath, [script], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 300_000,
  });
  process.stdout.write(stdout ?? '');
  const [, passed, failed] = /(\d+) passed, (\d+) failed\s*$/.exec(stdout ?? '') ?? [];
  if (passed === undefined) return add(0, 1);
  add(Number(passed), status !== 0 && failed === '0' ? 1 : Number(failed));
}

/** True where a real VS Code can be used, after an installation where one was asked for. */
function hostReady() {
  if (wanted === '0') return skip('the real VS Code', 'FLOPWISE_HOST=0');
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return skip(
      'the real VS Code',
      'this way of running it is for Linux on x64; npm run test:desktop downloads a desktop one',
    );
  }
  if (!wanted && !(hasHost() && findChromium())) {
    return skip('the real VS Code', 'none is installed here; FLOPWISE_HOST=1 npm test installs one (about 700 MB)');
  }
  if (!findChromium() && installChromium() !== 0)
    return skip('the real VS Code', 'no Chromium, and it cannot be installed here');
  if (!hasHost() && run('bash', ['test/host/install-host.sh'], { stdio: ['ignore', 'ignore', 'inherit'] }) !== 0) {
    return skip('the real VS Code', 'it could not be installed');
  }
  return true;
}

function installChromium() {
  if (!existsSync('/usr/bin/apt-get')) return 1;
  const become = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...words) => {
    const [command, ...rest] = [...become, 'apt-get', '-qq', ...words];
    return run(command, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  apt('update');
  return apt('install', '-y', '--no-install-recommends', 'chromium', 'g++', 'make', 'python3');
}

function skip(what, why) {
  skipped.push(`${what}: ${why}`);
  // Where everything was asked for, a part that cannot run is a failure.
  if (wanted === '1') add(0, 1);
  return false;
}

step('build', () => {
  if (run(process.execPath, ['esbuild.mjs']) !== 0) add(0, 1);
});
step('unit, protocol, bundle and command line', vitest);
let ready = false;
step('a real VS Code', () => {
  ready = hostReady();
});
if (ready) {
  step('inside the extension host', () => counted('test/host/run-in-host.mjs'));
  step('inside the web worker host', () => counted('test/host/run-in-web-host.mjs'));
  step('the packaged extension by mouse and keyboard', () => counted('test/host/run-ui.mjs'));
}
console.log('');
for (const line of skipped) console.log(`skipped: ${line}`);
console.log(`took ${seconds(began)}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
