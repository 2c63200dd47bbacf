// Builds and packs the extension into flopwise.vsix; says what it weighs and fails where it weighs too much.
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const target = process.argv[2] ?? 'flopwise.vsix';
const limit = 5_000_000;

const node = (...words) => execFileSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
node('esbuild.mjs');
const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', target];
if (!existsSync(new URL('../LICENSE', import.meta.url))) flags.push('--skip-license');
node('node_modules/@vscode/vsce/vsce', 'package', ...flags);
const { size } = statSync(resolve(root, target));
console.log(`${target}: ${(size / 1e6).toFixed(2)} MB`);
if (size > limit) {
  console.error(`${target} is larger than ${limit / 1e6} MB`);
  process.exitCode = 1;
}
