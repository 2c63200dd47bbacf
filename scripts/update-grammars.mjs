// Copies the grammars and their runtime from the installed npm packages into grammars/ and writes the lock.
// `--check` changes nothing and fails where a file differs from its lock.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const folder = new URL('grammars/', root);
const check = process.argv.includes('--check');

const sources = {
  'web-tree-sitter.wasm': 'web-tree-sitter',
  'tree-sitter-python.wasm': 'tree-sitter-python',
  'tree-sitter-bash.wasm': 'tree-sitter-bash',
  'tree-sitter-toml.wasm': '@tree-sitter-grammars/tree-sitter-toml',
  'tree-sitter-hcl.wasm': '@tree-sitter-grammars/tree-sitter-hcl',
};

/** ABI of a grammar: its wasm answers it, so it is loaded once. */
async function abiOf(path) {
  const { Language, Parser } = await import('web-tree-sitter');
  await Parser.init();
  return (await Language.load(readFileSync(path))).abiVersion;
}

mkdirSync(new URL('licences/', folder), { recursive: true });
const lock = {};
for (const [file, name] of Object.entries(sources)) {
  const source = new URL(`node_modules/${name}/${file}`, root);
  const target = new URL(file, folder);
  if (!check) {
    copyFileSync(source, target);
    copyFileSync(
      new URL(`node_modules/${name}/LICENSE`, root),
      new URL(`licences/${file.replace('.wasm', '.txt')}`, folder),
    );
  }
  const bytes = readFileSync(target);
  const manifest = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, root), 'utf8'));
  lock[file] = {
    package: name,
    version: manifest.version,
    licence: manifest.license,
    ...(file === 'web-tree-sitter.wasm' ? {} : { abi: await abiOf(target) }),
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

const text = `${JSON.stringify(lock, undefined, 2)}\n`;
const at = new URL('grammars.lock.json', folder);
if (!check) writeFileSync(at, text);
else if (readFileSync(at, 'utf8') !== text) {
  console.error('grammars/ differs from grammars.lock.json: run npm run update-grammars and look at the change');
  process.exit(1);
}
console.log(check ? 'grammars match their lock' : 'grammars and lock written');
