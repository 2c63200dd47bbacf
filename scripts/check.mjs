// What must hold before a change is handed in: generated files current, types, lint, tests, nothing left uncommitted by any of them.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const steps = [
  ['generated files', process.execPath, 'scripts/generate.mjs', '--check'],
  ['types', process.execPath, 'node_modules/typescript/bin/tsc', '-b'],
  ['lint', process.execPath, 'node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.'],
  ['tests', process.execPath, 'scripts/test.mjs'],
  ['clean tree', 'git', 'diff', '--exit-code', '--stat'],
];

for (const [title, command, ...words] of steps) {
  const since = performance.now();
  const { status } = spawnSync(command, words, { cwd: root, stdio: 'inherit' });
  const took = `${((performance.now() - since) / 1000).toFixed(1)} s`;
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${title} (${took})`);
  if (status !== 0) process.exit(status ?? 1);
}
