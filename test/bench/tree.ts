// A repository of many files: bundled and run by scripts/bench.mjs. How long it takes to tell which files state anything, to open one
// script and link what belongs to it, and to take in an edit. Prints one JSON object of milliseconds.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Host } from '#core/host.ts';
import { readers } from '#core/readers/index.ts';
import { createReadCache, readFile } from '#core/readers/read.ts';
import { isSource, openSource } from '#core/source/open.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { createSyntax } from '#core/syntax/grammars.ts';
import { linkFiles } from '#core/workload/link.ts';
import { readNeighbours } from '#server/gather/neighbours.ts';

const [assets = 'dist/assets', samples = 'test/fixtures/readers', folder = 'out/bench/tree', wanted = '10000'] =
  process.argv.slice(2);

/** Code without any job: what most files of a repository are. */
const plain: readonly (readonly [string, string])[] = [
  [
    'py',
    `import os\nfrom typing import Any\n\n\nclass Store:\n    """Keeps rows by key."""\n\n    def __init__(self, root: str) -> None:\n        self.root = root\n        self.rows: dict[str, Any] = {}\n\n    def put(self, key: str, row: Any) -> None:\n        self.rows[key] = row\n\n    def path(self, key: str) -> str:\n        return os.path.join(self.root, key)\n`,
  ],
  [
    'yaml',
    'name: ci\non: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: make test\n',
  ],
  [
    'json',
    '{ "name": "web", "version": "1.0.0", "scripts": { "build": "tsc" }, "dependencies": { "left-pad": "1.3.0" } }\n',
  ],
  ['sh', '#!/bin/bash\nset -e\nmkdir -p build\ncp -r src build/\necho done\n'],
  ['toml', '[tool.ruff]\nline-length = 100\n\n[project]\nname = "app"\nversion = "0.1.0"\n'],
];

/** Writes the tree: every tenth file is one of the samples, the rest is plain; forty files a folder. */
function writeTree(count: number): void {
  rmSync(folder, { recursive: true, force: true });
  const jobs = readdirSync(samples, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(?:expected|writes)\.json$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (let at = 0; at < count; at += 1) {
    const place = join(folder, `area-${Math.floor(at / 400)}`, `part-${Math.floor(at / 40)}`);
    const sample = at % 10 === 0 ? jobs[(at / 10) % jobs.length] : undefined;
    const [extension, text] = plain[at % plain.length] ?? ['py', ''];
    const path = join(place, sample ? `${at}-${sample.slice(sample.lastIndexOf('/') + 1)}` : `file-${at}.${extension}`);
    mkdirSync(dirname(path), { recursive: true });
    // Plain files are of usual length: some hundred lines.
    writeFileSync(path, sample ? readFileSync(sample, 'utf8') : text.repeat(1 + (at % 12)));
  }
}

const asset = async (name: string) => new Uint8Array(readFileSync(`${assets}/${name}`));
const syntax = await createSyntax({
  runtime: await asset('web-tree-sitter.wasm'),
  grammar: (id) => asset(`tree-sitter-${id}.wasm`),
});
writeTree(Number(wanted));
const job = join(folder, 'area-3', 'part-31');
writeFileSync(
  join(job, 'train.py'),
  'from transformers import Trainer, TrainingArguments\nargs = TrainingArguments("out", num_train_epochs=3, per_device_train_batch_size=4)\nTrainer(model=model, args=args, train_dataset=data).train()\n',
);
writeFileSync(
  join(job, 'run.sbatch'),
  '#!/bin/bash\n#SBATCH --nodes=2\n#SBATCH --gres=gpu:8\nsrun torchrun --nproc_per_node=8 train.py\n',
);

const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const filtering = performance.now();
const mentioned = paths.flatMap((path) => {
  const file = openSource(pathToFileURL(path).href, 0, readFileSync(path, 'utf8'));
  if (!isSource(file)) return [];
  const asks = readers.some((one) => one.languages.includes(file.languageId) && one.mentions(file.text, file.uri));
  return asks ? [file] : [];
});
const filtered = performance.now() - filtering;

let reads = 0;
const host: Host = {
  readAsset: asset,
  readFile: async (uri) => {
    reads += 1;
    try {
      return readFileSync(new URL(uri), 'utf8');
    } catch {
      return undefined;
    }
  },
  readFolder: async (uri) => {
    try {
      return readdirSync(new URL(uri)).map((name) => `${uri}/${name}`);
    } catch {
      return undefined;
    }
  },
};
const root = pathToFileURL(folder).href;
const opening = performance.now();
const neighbours = readNeighbours(host, (uri) => uri.startsWith(root));
const main = openSource(pathToFileURL(join(job, 'train.py')).href, 0, readFileSync(join(job, 'train.py'), 'utf8'));
if (!isSource(main)) throw new Error('the script is not read');
const cache = createReadCache();
const link = async (file: SourceFile) => {
  const files = new Map([file, ...(await neighbours.besides(file))].map((one) => [one.uri, one]));
  return linkFiles(files, (one, context) => readFile(one, context, cache), syntax, { main: file.uri }).workloads;
};
const workloads = await link(main);
const opened = performance.now() - opening;
const joined = workloads.some(
  ({ files }) => files.includes(main.uri) && files.some((uri) => uri.endsWith('/run.sbatch')),
);
if (!joined) throw new Error('the script is not linked with its launcher');
const read = reads;
const editing = performance.now();
await link({ ...main, version: 1, text: main.text.replace('=4', '=8') });
const edited = performance.now() - editing;
console.log(
  JSON.stringify({
    files: paths.length,
    mentioned: mentioned.length,
    'files read to open one': read,
    'filter by mentions': filtered,
    'open one and link it': opened,
    'link again after an edit': edited,
  }),
);
