// Builds the package for npm, apart from the extension: the command line, the library with its types, tables and grammars. No dependency, no install script.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const out = resolve(root, process.argv[2] ?? 'out/npm');
const node = (...words) => execFileSync(process.execPath, words, { cwd: root, stdio: 'inherit' });

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
node('esbuild.mjs', join(out, 'dist'));
node('node_modules/typescript/bin/tsc', '-b', 'server/src/node');

const unwanted = ['extension.cjs', 'extension.web.cjs', 'server.worker.js', 'panel.js', 'panel.css'];
for (const name of unwanted) rmSync(join(out, 'dist', name), { force: true });
for (const name of ['cli', 'mcp', 'server', 'server-run', 'library', 'extension'])
  rmSync(join(out, 'dist', `${name}.cjs.map`), { force: true });
writeFileSync(
  join(out, 'dist/library.mjs'),
  "import library from './library.cjs';\nexport const { createFlopwise } = library;\n",
);
copyTypes();

const whole = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entry = { types: './types/node/library.d.ts', import: './dist/library.mjs', require: './dist/library.cjs' };
const manifest = {
  name: 'flopwise',
  version: whole.version,
  description:
    'What a training or serving job costs, before it runs: GPU memory, time, money, storage and energy from the files alone.',
  license: whole.license,
  keywords: whole.keywords.filter((word) => word !== 'vscode'),
  engines: { node: whole.engines.node },
  bin: { flopwise: './dist/cli.cjs' },
  exports: { '.': entry, './package.json': './package.json' },
  types: entry.types,
  sideEffects: false,
};
writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
for (const name of ['LICENSE', 'CHANGELOG.md']) cpSync(join(root, name), join(out, name));
cpSync(join(root, 'docs/npm.md'), join(out, 'README.md'));

/** Copies the declarations that the library's own needs, with paths that every resolver of a consumer understands. */
function copyTypes() {
  const built = join(root, 'out/types');
  const wanted = [join(built, 'node/library.d.ts')];
  const done = new Set();
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    if (done.has(path)) continue;
    done.add(path);
    const text = readFileSync(path, 'utf8').replace(/(from |import\()(['"])([^'"]+)\2/g, (all, before, quote, name) => {
      const target = targetOf(name, path);
      if (!target) return all;
      wanted.push(target);
      const to = relative(dirname(path), target)
        .split(sep)
        .join(posix.sep)
        .replace(/\.d\.ts$/, '.js');
      return `${before}${quote}${to.startsWith('.') ? to : `./${to}`}${quote}`;
    });
    const at = join(out, 'types', relative(built, path));
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text.replace(/\n?\/\/# sourceMappingURL=.*\n?$/, '\n'));
  }
}

function targetOf(name, from) {
  const declared = (path) => path.replace(/\.ts$/, '.d.ts');
  if (name.startsWith('#core/')) return join(root, 'out/types/core', declared(name.slice('#core/'.length)));
  if (name.startsWith('#server/')) return join(root, 'out/types', declared(name.slice('#server/'.length)));
  return name.startsWith('.') ? join(dirname(from), declared(name)) : undefined;
}
