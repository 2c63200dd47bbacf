// The core's own speed, in one process: bundled and run by scripts/bench.mjs. Prints one JSON object of medians in milliseconds.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { analyze, whatIfInput } from '#core/analyze.ts';
import { catalogTables, createCatalog, loadCatalog } from '#core/catalog/decode.ts';
import { estimateWorkload } from '#core/estimate/index.ts';
import type { Plan } from '#core/estimate/plan.ts';
import { estimatePoint } from '#core/estimate/point.ts';
import { resolvePlan } from '#core/estimate/resolve-plan.ts';
import { readFile } from '#core/readers/read.ts';
import { checkRules } from '#core/rules/check.ts';
import { defaultLimits } from '#core/search/limits.ts';
import { searchable, searchConfigurations } from '#core/search/search.ts';
import { defaultSettings } from '#core/settings.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { createSyntax } from '#core/syntax/grammars.ts';
import { whatIfs } from '#core/what-if.ts';

const [assets = 'dist/assets', path = 'examples/llama-sft/train.py', runs = '15'] = process.argv.slice(2);

/** The middle of some runs of a piece of work, the first (cold) one left out. */
function median(work: () => void): number {
  const times = Array.from({ length: Number(runs) + 1 }, () => {
    const began = performance.now();
    work();
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

/** The tables decoded whole (a start decodes only what it asks for), and what they and their indexes take of the heap. */
async function whole() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const texts = Object.fromEntries(catalogTables.map((name) => [name, readFileSync(`${assets}/${name}.json`, 'utf8')]));
  collect();
  const before = process.memoryUsage().heapUsed;
  const started = performance.now();
  const made = createCatalog(texts);
  const rows = made.problems.length + made.value.offers({}).length;
  made.value.model('x');
  made.value.dataset('x');
  const time = performance.now() - started;
  collect();
  return { rows, time, megabytes: (process.memoryUsage().heapUsed - before) / 1e6 };
}

/** Milliseconds of one question to the price list, none asked twice. */
function lookup(): number {
  const { value: cold } = createCatalog(
    Object.fromEntries(catalogTables.map((name) => [name, readFileSync(`${assets}/${name}.json`, 'utf8')])),
  );
  const regions = [...new Set(cold.offers({}).map(({ region }) => region))];
  const kinds = ['on-demand', 'spot', 'reserved'] as const;
  const started = performance.now();
  let asked = 0;
  for (const accelerator of ['H100', 'A100-80GB', 'L4', 'T4', 'H200'])
    for (const region of regions)
      for (const kind of kinds) {
        cold.offers({ accelerator, region, kind, count: 8 });
        asked += 1;
      }
  return (performance.now() - started) / asked;
}

const loaded = await whole();
const text = readFileSync(path, 'utf8');
const folder = pathToFileURL(path).href.replace(/[^/]*$/, '');
/** A document that was never seen: under its own name, so that nothing of an earlier one can be taken over. */
let seen = 0;
const fresh = (): SourceFile => {
  seen += 1;
  return { uri: `${folder}run-${seen}.py`, languageId: 'python', version: 0, text };
};
const input = (file: SourceFile) => ({
  files: new Map([[file.uri, file]]),
  syntax,
  catalog,
  settings: defaultSettings,
});
const [first] = analyze(input(fresh())).workloads;
const searched = input(fresh());
const settings = { ...defaultSettings, accelerator: 'H100:8' };
const [job] = analyze({ ...searched, settings }).workloads;

/** The search of the job in the file on eight H100: until its first answer, or to its end. */
function search(whole: boolean): number | undefined {
  if (!job) return undefined;
  const world = { ...whatIfInput(job.workload, { ...searched, settings }), spec: job.spec };
  return median(() => {
    const ready = searchable(world);
    if ('reason' in ready) return;
    const steps = searchConfigurations(ready, job.estimate, defaultLimits);
    let step = steps.next();
    while (whole && !step.done) step = steps.next();
  });
}

/** The rules on the job in the file: their findings alone, or with every fix written as a menu asks for them. */
function advice(whole: boolean): number | undefined {
  if (!job) return undefined;
  const world = whatIfInput(job.workload, { ...searched, settings });
  return median(() => {
    const { spec, estimate } = job;
    const findings = checkRules({ spec, estimate, ...world, ...whatIfs(world) });
    if (whole) for (const { fixes } of findings) if (fixes.some(({ edits }) => edits.length === 0)) throw new Error();
  });
}

/** Milliseconds of one piece of work that takes microseconds. */
function oneOf(work: () => void): number {
  return (
    median(() => {
      for (let at = 0; at < 1000; at += 1) work();
    }) / 1000
  );
}

/** Milliseconds for the figures of a hundred thousand plans: batches, recomputation, shard groups of the first job. */
function sweep(): number | undefined {
  const base = job && resolvePlan(job.spec, catalog, settings).points?.likely;
  if (!base) return undefined;
  const started = performance.now();
  let fitting = 0;
  for (let at = 0; at < 100_000; at += 1) {
    const data = 8 << (at % 5);
    const plan: Plan = {
      ...base,
      microBatch: 1 << (at % 7),
      accumulation: 1 + (at % 16),
      recompute: at % 2 === 0 ? 'full' : 'none',
      parallel: { ...base.parallel, data, shardGroup: data, zeroStage: at % 3 === 0 ? 3 : 1, implementation: 'fsdp' },
      devices: data,
      perNode: 8,
      nodes: data / 8,
    };
    if (estimatePoint(plan)?.fits === 'yes') fitting += 1;
  }
  return fitting > 0 ? performance.now() - started : undefined;
}

console.log(
  JSON.stringify({
    lines: text.split('\n').length,
    'load grammars': grammars,
    'load tables': tables,
    'decode every table': loaded.time,
    'tables in memory, MB': loaded.megabytes,
    'one price lookup': lookup(),
    parse: median(() => syntax.tree(fresh())),
    'parse and read facts': median(() => {
      readFile(fresh(), { syntax, file: () => undefined });
    }),
    'text to report': median(() => {
      analyze(input(fresh()));
    }),
    'rules of one job': advice(false),
    'rules of one job, every fix': advice(true),
    'search, first answer': search(false),
    'search, whole': search(true),
    'one estimate': first && oneOf(() => estimateWorkload(first.spec, catalog, defaultSettings)),
    'one estimate with time and price': job && oneOf(() => estimateWorkload(job.spec, catalog, settings)),
    '100,000 plans': sweep(),
  }),
);
