// Fits the numbers of the time model on one half of the published runs and reports them on the other.
//   node test/reference/fit/fit.mjs CASES.jsonl [--write] [--show PATTERN] [--all]
// Halves are whole sources (`halves.mjs`).
// A number moves from its starting point (`priorEfficiency`) only as far as the runs outweigh it: the loss is the absolute log error,
// rounded near zero and flattened for outliers, every source weighing as the root of its number of runs (of eight where it has fewer), plus a quadratic pull to the start.
// --write stores the result in server/src/core/estimate/efficiency-fitted.ts; --all fits on all runs (for comparison, never written).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { halvesOf, sourceOf } from './halves.mjs';

const root = new URL('../../../', import.meta.url);
const [file, ...options] = process.argv.slice(2);
if (!file) {
  console.error('usage: node test/reference/fit/fit.mjs CASES.jsonl [--write] [--show PATTERN] [--all]');
  process.exit(64);
}
const bundle = await build({
  entryPoints: [new URL('entry.ts', import.meta.url).pathname],
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  write: false,
});
const core = await import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString('base64')}`);

const table = (name) => {
  const folder = ['pricing-data/', 'model-data/'].find((one) => existsSync(new URL(one + name, root)));
  return folder ? readFileSync(new URL(folder + name, root), 'utf8') : '';
};
const { value: catalog } = await core.loadCatalog(async (name) => table(name));
const cases = readFileSync(file, 'utf8').split('\n').filter(Boolean).map(JSON.parse);

/** One comparison a run: the predicted figure as a function of the numbers, beside the measured one. */
function recordOf(c) {
  if (c.quality === 'C') return undefined;
  const known = core.catalogWithDevice(catalog, core.sheetOf(c.hardware));
  const spec = core.withTimeFields(c, core.specOf(c, known), known);
  const { points } = core.resolvePlan(spec, known, core.defaultSettings);
  const plan = points?.likely;
  if (!plan?.accelerator) return undefined;
  const m = c.measured;
  // A run that states neither length nor batch can be told from no wrong number.
  const stated = !points.variants.some(({ field }) => /sequenceLength|microBatch/.test(field));
  const source = sourceOf(c);
  const base = { id: c.id, source, task: c.task, plan, stated };
  if (plan.task === 'serving' && plan.shape && plan.shape.kind !== 'vit') {
    const memory = core.estimateServingMemory(points);
    const running = core.runningSequences(plan, memory?.kvTokens.likely ?? 0);
    const generation = (k) => core.generationOf(plan, running, k);
    if (!generation(core.priorEfficiency)) return undefined;
    const { inputLength: input = 0, outputLength: output = 1 } = plan.serving;
    const figures = [
      ['output_tokens_per_sec_total', (g) => g.outputRate],
      ['tokens_per_sec_per_gpu', (g) => g.outputRate / plan.devices],
      ['total_tokens_per_sec', (g) => (g.outputRate * (input + output)) / output],
      ['tokens_per_sec_total', (g) => g.outputRate],
      ['decode_tokens_per_sec', (g) => g.decodeRate],
    ];
    const figure = figures.find(([key]) => m[key] > 0);
    return figure && { ...base, serving: true, measured: m[figure[0]], predicted: (k) => figure[1](generation(k)) };
  }
  const step = (k) => {
    const parts = core.stepSeconds(plan, k);
    return parts && core.stepTotal(parts);
  };
  if (!step(core.priorEfficiency)) return undefined;
  const tokens = core.tokensPerStep(plan);
  const samples = plan.microBatch * plan.accumulation * plan.parallel.data;
  const steps = core.stepsOf(plan);
  const figures = [
    ['tokens_per_sec_per_gpu', (s) => tokens / s / plan.devices],
    ['tokens_per_sec_total', (s) => tokens / s],
    ['samples_per_sec', (s) => samples / s],
    ['step_time_s', (s) => 1 / s, (x) => 1 / x],
    ['time_per_1k_iterations_min', (s) => (60 * plan.accumulation) / s / 1000, (x) => 1 / x],
    ['wall_hours', (s) => (steps ? 3600 / core.runOverhead(plan, s, steps) : 0), (x) => 1 / x],
  ];
  const figure = figures.find(([key, of]) => m[key] > 0 && of(1) > 0);
  if (!figure) return undefined;
  const [key, of, turn = (x) => x] = figure;
  return { ...base, serving: false, measured: turn(m[key]), predicted: (k) => of(step(k)) };
}

const records = cases.map(recordOf).filter(Boolean);
const bySource = Map.groupBy ? Map.groupBy(records, (r) => r.source) : groups(records, (r) => r.source);
function groups(list, key) {
  const map = new Map();
  for (const one of list) map.set(key(one), [...(map.get(key(one)) ?? []), one]);
  return map;
}
const half = halvesOf(cases);

const taught = (options.includes('--all') ? records : records.filter((r) => half.get(r.source) === 'fitted')).filter(
  (r) => r.stated,
);
const error = (r, k) => Math.log(r.predicted(k) / r.measured);
const names = core.fittedNames;
const prior = core.priorEfficiency;
const sigma = (name) => (/^gemm|sustained/.test(name) ? 0.3 : 0.6);
const round = (e) => (e < 0.35 ? (e * e) / 0.7 : e < 0.8 ? e - 0.175 : 0.625 + 0.3 * (e - 0.8));
const weight = (r) => 1 / Math.sqrt(Math.max(8, bySource.get(r.source).length));
const pull = 0.15;
const isShare = (name) =>
  /^(gemm|sustained|attention|memoryShare|linkShare|networkShare|decodeShare|servingShare|expertShare)/.test(name);
const ceiling = (name) => (isShare(name) ? 0.97 : Number.POSITIVE_INFINITY);
const loss = (k) => {
  let sum = 0;
  for (const r of taught) sum += weight(r) * round(Math.abs(error(r, k)));
  for (const name of names) sum += pull * (Math.log(k[name] / prior[name]) / sigma(name)) ** 2;
  return sum;
};

let k = { ...prior };
let best = loss(k);
const width = Object.fromEntries(names.map((name) => [name, 0.25]));
for (let round = 0; round < 80 && Math.max(...Object.values(width)) > 0.005; round++) {
  for (const name of names) {
    const better = [width[name], -width[name]]
      .map((by) => ({ ...k, [name]: Math.min(ceiling(name), k[name] * Math.exp(by)) }))
      .find((one) => loss(one) < best - 1e-7);
    if (better) {
      k = better;
      best = loss(k);
      width[name] *= 1.25;
    } else width[name] *= 0.75;
  }
}

const slope = options.indexOf('--slope');
if (slope >= 0) {
  const name = options[slope + 1];
  const up = { ...k, [name]: k[name] * 1.02 };
  const pulls = groups(taught, (r) => r.source);
  for (const [source, runs] of pulls) {
    const change = runs.reduce(
      (sum, r) => sum + weight(r) * (round(Math.abs(error(r, up))) - round(Math.abs(error(r, k)))),
      0,
    );
    if (Math.abs(change) > 1e-4) console.log(`${name} +2 %: ${source.padEnd(40)} ${change.toFixed(4)}`);
  }
}
const quantile = (list, p) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(p * list.length))];
function line(label, runs, numbers = k) {
  if (runs.length === 0) return;
  const errors = runs.map((r) => error(r, numbers));
  const size = errors.map((e) => Math.abs(Math.exp(e) - 1));
  const percent = (x) => `${(100 * x).toFixed(1)}%`.padStart(8);
  console.log(
    `${label.padEnd(56)}${String(runs.length).padStart(5)}  median ${percent(quantile(size, 0.5))}  P90 ${percent(quantile(size, 0.9))}  bias ${percent(Math.exp(quantile(errors, 0.5)) - 1)}`,
  );
}
const digits = (x) => Number(x.toPrecision(3));
for (const name of names) console.log(`${name.padEnd(20)} ${digits(prior[name])} -> ${digits(k[name])}`);
for (const kind of ['training', 'serving']) {
  const these = records.filter((r) => r.serving === (kind === 'serving'));
  for (const part of ['fitted', 'held']) {
    const runs = these.filter((r) => half.get(r.source) === part);
    line(`${kind}, ${part} half, before`, runs, prior);
    line(`${kind}, ${part} half, after`, runs);
  }
}
for (const [name, runs] of [...groups(records, (r) => `${half.get(r.source).padEnd(7)}${r.source} ${r.task}`)].sort(
  (a, b) => b[1].length - a[1].length,
))
  line(name, runs);
const show = options.indexOf('--show');
if (show >= 0) {
  const pattern = new RegExp(options[show + 1] ?? '.');
  for (const r of records.filter((one) => pattern.test(`${one.id} ${one.source}`))) {
    const parts = r.serving ? {} : core.stepSeconds(r.plan, k);
    const total = Object.values(parts).reduce((a, b) => a + b, 0);
    const shares = Object.entries(parts)
      .filter(([, s]) => s > 0.02 * total)
      .map(([n, s]) => `${n.slice(0, 6)} ${((100 * s) / total).toFixed(0)}`);
    console.log(
      `${r.id.slice(0, 62).padEnd(62)} ${r.measured.toPrecision(4)} ${r.predicted(k).toPrecision(4)} ${(100 * (Math.exp(error(r, k)) - 1)).toFixed(0)}% ${shares.join(' ')}`,
    );
  }
}
if (options.includes('--write') && !options.includes('--all')) {
  const rows = names.map((name) => `  ${name}: ${digits(k[name])},`).join('\n');
  const text = `import { type Efficiency, priorEfficiency } from './efficiency.ts';

/** Written by \`test/reference/fit/fit.mjs\` from one half of the published runs; meanings and sources stand with the type. */
export const fittedEfficiency: Efficiency = {
  ...priorEfficiency,
${rows}
};
`;
  writeFileSync(new URL('server/src/core/estimate/efficiency-fitted.ts', root), text);
}
