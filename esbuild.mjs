// Builds every bundle into dist/ and lays the assets beside them. `--watch` is not offered: a build takes a quarter of a second.
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const common = { bundle: true, sourcemap: true, logLevel: 'warning', legalComments: 'none', target: 'es2023' };
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // The ESM build of web-tree-sitter needs import.meta.url, which a CommonJS bundle has not.
  alias: { 'web-tree-sitter': './node_modules/web-tree-sitter/web-tree-sitter.cjs' },
};

const web = { ...common, platform: 'browser', sourcemap: false, minify: true };

rmSync('dist', { recursive: true, force: true });
await Promise.all([
  build({
    ...node,
    entryPoints: ['server/src/node/cli-main.ts'],
    outfile: 'dist/cli.cjs',
    banner: { js: '#!/usr/bin/env node' },
  }),
  build({ ...node, minify: true, entryPoints: ['server/src/node/server-entry.ts'], outfile: 'dist/server.cjs' }),
  build({
    ...node,
    minify: true,
    entryPoints: ['client/src/node/extension.ts'],
    outfile: 'dist/extension.cjs',
    external: ['vscode'],
  }),
  build({
    ...web,
    format: 'cjs',
    entryPoints: ['client/src/browser/extension.ts'],
    outfile: 'dist/extension.web.cjs',
    external: ['vscode'],
  }),
  build({
    ...web,
    format: 'iife',
    entryPoints: ['server/src/browser/server-main.ts'],
    outfile: 'dist/server.worker.js',
  }),
]);

mkdirSync('dist/assets', { recursive: true });
for (const [folder, ending] of [
  ['grammars', '.wasm'],
  ['pricing-data', '.json'],
  ['model-data', '.json'],
]) {
  let names = [];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  for (const name of names) if (name.endsWith(ending)) cpSync(`${folder}/${name}`, `dist/assets/${name}`);
}
