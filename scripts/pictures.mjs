// Renews the pictures of the README: the UI suite takes them in a real VS Code. Says what each weighs and fails where one is too heavy for a gallery page.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const heaviest = 100_000;

const { status } = spawnSync(process.execPath, ['test/host/run-ui.mjs'], {
  cwd: root,
  env: { ...process.env, FLOPWISE_IMAGES: '1' },
  stdio: 'inherit',
});
for (const name of readdirSync(`${root}docs/images`)) {
  const { size } = statSync(`${root}docs/images/${name}`);
  console.log(`docs/images/${name}: ${(size / 1000).toFixed(0)} kB`);
  if (size > heaviest) process.exitCode = 1;
}
if (status !== 0) process.exitCode = status ?? 1;
