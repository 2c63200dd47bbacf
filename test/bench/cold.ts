// Facts of files that no one has read before: bundled and run by scripts/bench.mjs over folders of files. Prints one JSON object.
// BENCH_SHOW=20 names the slowest files.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readFile } from '#core/readers/read.ts';
import { isSource, openSource } from '#core/source/open.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { createSyntax } from '#core/syntax/grammars.ts';

const [assets = 'dist/assets', ...folders] = process.argv.slice(2);
/** Longer files are left out: the budget is for files up to so many lines. */
const longest = 2000;
/** Rounds in which the compiler of the process warms up, under other names, so that nothing read is kept. */
const rounds = 3;

const asset = async (name: string) => new Uint8Array(readFileSync(`${assets}/${name}`));
const syntax = await createSyntax({
  runtime: await asset('web-tree-sitter.wasm'),
  grammar: (id) => asset(`tree-sitter-${id}.wasm`),
});
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(?:expected|writes)\.json$/.test(entry.name))
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const file = openSource(pathToFileURL(path).href, 0, readFileSync(path, 'utf8'));
      return isSource(file) && file.text.split('\n').length <= longest ? [file] : [];
    }),
);

/** Milliseconds of the processor for each file, in which other processes of the machine have no part. */
function readAll(round: number): readonly (readonly [SourceFile, number])[] {
  return files.map((file) => {
    const unseen = { ...file, uri: file.uri.replace(/([^/]*)$/, `${round}/$1`) };
    const began = process.cpuUsage();
    readFile(unseen, { syntax, file: () => undefined });
    const { user, system } = process.cpuUsage(began);
    return [file, (user + system) / 1000] as const;
  });
}

for (let round = 1; round < rounds; round += 1) readAll(round);
const times = [...readAll(rounds)].sort(([, a], [, b]) => a - b);
const quantile = (share: number) => times[Math.floor((times.length - 1) * share)]?.[1] ?? 0;
for (const [file, time] of times.toReversed().slice(0, Number(process.env.BENCH_SHOW ?? 0))) {
  console.error(`${time.toFixed(1)} ms  ${file.text.split('\n').length} lines  ${file.uri}`);
}
console.log(JSON.stringify({ files: files.length, p50: quantile(0.5), p95: quantile(0.95), most: quantile(1) }));
