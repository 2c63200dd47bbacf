// The core's own speed, in one process: bundled and run by scripts/bench.mjs. Prints one JSON object of medians in milliseconds.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { analyze } from '#core/analyze.ts';
import { loadCatalog } from '#core/catalog/decode.ts';
import { estimateWorkload } from '#core/estimate/index.ts';
import { readFile } from '#core/readers/read.ts';
import { defaultSettings } from '#core/settings.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { createSyntax } from '#core/syntax/grammars.ts';

const [assets = 'dist/assets', path = 'examples/llama-sft/train.py', runs = '15'] = process.argv.slice(2);

/** The middle of some runs of a piece of work, the first (cold) one left out. */
function median(work: (run: number) => void): number {
  const times = Array.from({ length: Number(runs) + 1 }, (_, run) => {
    const began = performance.now();
    work(run);
    return performance.now() - began;
  });
  return times.slice(1).sort((a, b) => a - b)[Number(runs) >> 1] ?? 0;
}

const asset = async (name: string) => new Uint8Array(readFileSync(`${assets}/${name}`));
const began = performance.now();
const syntax = await createSyntax({
  runtime: await asset('web-tree-sitter.wasm'),
  grammar: (id) => asset(`tree-sitter-${id}.wasm`),
});
const grammars = performance.now() - began;
const { value: catalog } = await loadCatalog(async (name) => readFileSync(`${assets}/${name}`, 'utf8'));
const tables = performance.now() - began - grammars;
const text = readFileSync(path, 'utf8');
const uri = pathToFileURL(path).href;
const fresh = (version: number): SourceFile => ({ uri, languageId: 'python', version, text });
const input = (file: SourceFile) => ({ files: new Map([[uri, file]]), syntax, catalog, settings: defaultSettings });
const [first] = analyze(input(fresh(0))).workloads;

console.log(
  JSON.stringify({
    lines: text.split('\n').length,
    'load grammars': grammars,
    'load tables': tables,
    parse: median((run) => syntax.tree(fresh(run))),
    'parse and read facts': median((run) => {
      readFile(fresh(run), { syntax, file: () => undefined });
    }),
    'text to report': median((run) => {
      analyze(input(fresh(run)));
    }),
    'one estimate': first
      ? median(() => {
          for (let at = 0; at < 100; at += 1) estimateWorkload(first.spec, catalog, defaultSettings);
        }) / 100
      : undefined,
  }),
);
