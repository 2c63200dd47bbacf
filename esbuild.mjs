// Builds every bundle into dist/ (or the folder given) and lays the assets beside them. No watch mode: a build takes a quarter of a second.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const out = process.argv[2] ?? 'dist';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const common = { bundle: true, sourcemap: true, logLevel: 'warning', legalComments: 'none', target: 'es2023' };
/** Every step of a tree's cursor passes eight integers through these functions, which look at the type's name each time: integers first. */
const quickIntegers = (text) => {
  const heads = [
    ['function setValue(ptr, value, type = "i8") {', 'LE_HEAP_STORE_I32((ptr >> 2) * 4, value)'],
    ['function getValue(ptr, type = "i8") {', 'LE_HEAP_LOAD_I32((ptr >> 2) * 4)'],
  ];
  return heads.reduce((all, [head, quick]) => {
    if (!all.includes(head)) throw new Error(`web-tree-sitter has changed: no ${head}`);
    return all.replace(head, `${head} if (type === "i32") return ${quick};`);
  }, text);
};
const treeSitterForNode = {
  name: 'tree-sitter-for-node',
  setup({ onLoad }) {
    onLoad({ filter: /web-tree-sitter\.cjs$/ }, ({ path }) => ({
      contents: quickIntegers(readFileSync(path, 'utf8')),
      loader: 'js',
    }));
  },
};
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // The ESM build of web-tree-sitter needs import.meta.url, which a CommonJS bundle has not.
  alias: { 'web-tree-sitter': './node_modules/web-tree-sitter/web-tree-sitter.cjs' },
  plugins: [treeSitterForNode],
};
/** Leaves out what web-tree-sitter does under Node (it would name `fs`): bytes always come from the host. */
const treeSitterForBrowsers = {
  name: 'tree-sitter-for-browsers',
  setup({ onLoad }) {
    onLoad({ filter: /web-tree-sitter\.js$/ }, ({ path }) => ({
      contents: quickIntegers(readFileSync(path, 'utf8'))
        .replace(/\bENVIRONMENT_IS_NODE\b(?! =)/g, 'false')
        .replace(/\bprocess\.versions\?\.node|process\?\.versions\?\.node/g, 'false')
        .replace('await import("fs/promises")', 'undefined'),
      loader: 'js',
    }));
  },
};
const web = {
  ...common,
  platform: 'browser',
  sourcemap: false,
  minify: true,
  // Only resolved against, never fetched.
  define: { 'import.meta.url': '"file:///server.worker.js"' },
  plugins: [treeSitterForBrowsers],
};

rmSync(out, { recursive: true, force: true });
await Promise.all([
  build({
    ...node,
    minify: true,
    define: { FLOPWISE_VERSION: JSON.stringify(version) },
    entryPoints: ['server/src/node/cli-main.ts'],
    outfile: `${out}/cli.cjs`,
    // The style sheets of the HTML report.
    loader: { '.css': 'text' },
    banner: { js: '#!/usr/bin/env node' },
  }),
  build({ ...node, minify: true, entryPoints: ['server/src/node/library.ts'], outfile: `${out}/library.cjs` }),
  build({ ...node, minify: true, entryPoints: ['server/src/node/mcp-main.ts'], outfile: `${out}/mcp.cjs` }),
  // The server's process loads the server itself, compiled as an earlier one left it.
  build({ ...node, minify: true, entryPoints: ['server/src/node/server-entry.ts'], outfile: `${out}/server.cjs` }),
  build({ ...node, minify: true, entryPoints: ['server/src/node/server-run.ts'], outfile: `${out}/server-run.cjs` }),
  build({
    ...node,
    minify: true,
    entryPoints: ['client/src/node/extension.ts'],
    outfile: `${out}/extension.cjs`,
    external: ['vscode'],
  }),
  build({
    ...web,
    format: 'cjs',
    entryPoints: ['client/src/browser/extension.ts'],
    outfile: `${out}/extension.web.cjs`,
    external: ['vscode'],
  }),
  build({
    ...web,
    format: 'iife',
    entryPoints: ['server/src/browser/server-main.ts'],
    outfile: `${out}/server.worker.js`,
  }),
  // The report panel's page: the charts' style sheet is also text, for pictures saved by themselves.
  build({
    ...web,
    format: 'iife',
    entryPoints: ['client/panel/main.ts'],
    outfile: `${out}/panel/panel.js`,
    loader: { '.css': 'text' },
  }),
  build({
    bundle: true,
    minify: true,
    logLevel: 'warning',
    entryPoints: ['client/panel/panel.css'],
    outfile: `${out}/panel/panel.css`,
  }),
]);

mkdirSync(`${out}/assets`, { recursive: true });
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
  for (const name of names) if (name.endsWith(ending)) cpSync(`${folder}/${name}`, `${out}/assets/${name}`);
}
