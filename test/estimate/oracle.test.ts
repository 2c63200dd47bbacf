import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogTables, createCatalog } from '#core/catalog/decode.ts';
import { shapeOfConfig } from '#core/catalog/model-config.ts';
import { keptBytesPerToken } from '#core/estimate/activations.ts';
import { adapterParameters, adapterTargets, targetNames } from '#core/estimate/adapter.ts';
import { tokenFlops } from '#core/estimate/flops.ts';
import { countParameters } from '#core/estimate/parameters.ts';
import type { AdapterPlan, Plan } from '#core/estimate/plan.ts';
import { savedStateBytes, savedWeightBytes } from '#core/estimate/storage.ts';
import type { TransformerShape } from '#core/workload/architecture.ts';
import type { Precision } from '#core/workload/spec.ts';
import { planOf } from './plans.ts';

// Rows that test/reference/oracle printed from transformers 5.17, peft 0.21 and torch 2.13: what real model code has and keeps.

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const tableOf = (name: string) =>
  ['pricing-data', 'model-data']
    .map((folder) => `${folder}/${name}.json`)
    .filter((path) => existsSync(new URL(`../../${path}`, import.meta.url)))
    .map(read)[0];
const catalog = createCatalog(Object.fromEntries(catalogTables.map((name) => [name, tableOf(name)]))).value;

interface SavedRow {
  readonly family: string;
  readonly length: number;
  readonly attention: 'sdpa' | 'eager';
  readonly numbers: 'bf16' | 'fp32' | 'autocast';
  readonly recompute: boolean;
  readonly targets?: string;
  readonly adapter?: 'bf16' | 'fp32' | 'fp32-autocast';
  readonly bytesPerToken: number;
}

interface CountRow {
  readonly family: string;
  readonly variant: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly parameters: number;
  readonly length?: number;
  readonly forwardFlops?: number;
}

type Configs = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const saved = JSON.parse(read('test/reference/oracle/layers/saved.json')) as { configs: Configs; rows: SavedRow[] };
const counts = JSON.parse(read('test/reference/oracle/layers/counts.json')) as { rows: CountRow[] };

/** The shape that the product reads from a configuration; undefined for families that no table has. */
function shapeOf(config: Readonly<Record<string, unknown>> | undefined): TransformerShape | undefined {
  const shape = shapeOfConfig(config, (family) => catalog.familyShape(family));
  return 'reason' in shape ? undefined : shape;
}

/** Rows that the estimator is not held to, and why. */
function exceptionOf(row: SavedRow): string | undefined {
  if (/^(mixtral|qwen.*_moe|olmoe)$/.test(row.family) && row.numbers === 'autocast')
    return 'products over experts stay out of autocast on the CPU';
  if (row.family === 'deepseek_v3' && !row.recompute)
    return 'latent attention falls back to unfused kernels on the CPU';
  if (row.family === 'falcon' && !row.recompute) return 'its attention code keeps tensors of its own';
  if (row.family === 'phi' && row.numbers === 'autocast' && !row.recompute)
    return 'powers, which a GPU takes in fp32 under autocast, stay in 16 bits on the CPU';
  if (row.family === 'gpt2' && !row.recompute)
    return 'its dropout, which the estimator counts, is turned off on the CPU';
  return undefined;
}

function adapterOf(row: SavedRow): AdapterPlan | undefined {
  if (row.targets === undefined) return undefined;
  const names = targetNames(row.targets === 'all-linear' ? ['all-linear'] : row.targets.split(' '));
  const precision: Precision = row.adapter === 'bf16' ? 'bf16' : 'fp32';
  return {
    rank: 8,
    parameters: 1,
    targets: adapterTargets(names),
    precision,
    decomposed: false,
    savedModules: 0,
    frozenParameters: 0,
  };
}

function planFor(row: SavedRow, shape: TransformerShape): Plan {
  const wide: Precision = row.numbers === 'bf16' ? 'bf16' : 'fp32';
  const adapter = adapterOf(row);
  return {
    ...planOf({}),
    shape,
    counts: countParameters(shape),
    sequenceLength: row.length,
    meanLength: row.length,
    // The CPU's fused kernel takes any format and any heads.
    attention: row.attention === 'sdpa' ? 'flash' : row.attention,
    recompute: row.recompute ? 'full' : 'none',
    precision: {
      parameters: wide,
      compute: row.numbers === 'fp32' ? 'fp32' : 'bf16',
      autocast: row.numbers === 'autocast' || row.adapter === 'fp32-autocast',
      masterWeights: false,
      gradients: wide,
    },
    ...(adapter ? { adapter } : {}),
  };
}

test('a layer keeps for the backward pass what autograd saves, within one in a hundred', () => {
  const off: string[] = [];
  let held = 0;
  for (const row of saved.rows) {
    const shape = shapeOf(saved.configs[row.family]);
    if (!shape || exceptionOf(row)) continue;
    const kept = keptBytesPerToken(planFor(row, shape), shape, 1);
    held += 1;
    if (Math.abs(kept / row.bytesPerToken - 1) > 0.01) {
      const { family, attention, numbers, targets, adapter } = row;
      off.push(
        `${[family, attention, numbers, targets, adapter].filter(Boolean).join(' ')}: ${kept} for ${row.bytesPerToken}`,
      );
    }
  }
  expect(off).toEqual([]);
  expect(held).toBeGreaterThan(200);
});

/** Configurations whose counts differ by a vector that their config.json does not tell. */
const otherVectors = new Set(['falcon', 'opt', 'deepseek_v3 bias']);

test('parameters of configurations are counted exactly', () => {
  const off: string[] = [];
  let held = 0;
  for (const row of counts.rows) {
    const shape = shapeOf(row.config);
    if (!shape || otherVectors.has(row.family) || otherVectors.has(`${row.family} ${row.variant}`)) continue;
    held += 1;
    const { total } = countParameters(shape);
    if (total !== row.parameters) off.push(`${row.family} ${row.variant}: ${total} for ${row.parameters}`);
  }
  expect(off).toEqual([]);
  expect(held).toBeGreaterThan(100);
});

test('a forward pass has the operations that the counter of torch sees, within one in a hundred', () => {
  for (const row of counts.rows) {
    const shape = shapeOf(row.config);
    if (!shape || row.forwardFlops === undefined || row.length === undefined) continue;
    const of = countParameters(shape);
    const { linear, attention, head } = tokenFlops({
      ...planOf({}),
      shape,
      counts: of,
      active: of.active,
      sequenceLength: row.length,
    });
    const error = ((linear + attention + head) * row.length) / row.forwardFlops - 1;
    expect(Math.abs(error), `${row.family} ${row.variant}`).toBeLessThan(0.01);
  }
});

interface FileRow {
  readonly family: string;
  readonly precision: 'bfloat16' | 'float32';
  readonly adapter: number | null;
  readonly weightBytes: number;
  readonly optimizerBytes: number;
}

const files = JSON.parse(read('test/reference/oracle/layers/checkpoints.json')) as {
  configs: Configs;
  rows: FileRow[];
};

/** Bytes that headers, names and alignment add to a file of a small model: kilobytes, which a real one does not notice. */
const smallFiles = 400_000;

test('checkpoint files have the size of what transformers, peft and torch write', () => {
  const off: string[] = [];
  let held = 0;
  for (const row of files.rows) {
    const shape = shapeOf(files.configs[`${row.family} 4`]);
    if (!shape || otherVectors.has(row.family)) continue;
    const precision: Precision = row.precision === 'bfloat16' ? 'bf16' : 'fp32';
    const of = countParameters(shape);
    const trained = adapterParameters(shape, targetNames(['all-linear']), row.adapter ?? 0, false);
    const adapter: AdapterPlan | undefined = row.adapter
      ? {
          rank: row.adapter,
          parameters: trained,
          targets: adapterTargets(targetNames(['all-linear'])),
          precision: 'fp32',
          decomposed: false,
          savedModules: 0,
          frozenParameters: 0,
        }
      : undefined;
    const plan: Plan = {
      ...planOf({}),
      shape,
      counts: of,
      parameters: of.total,
      trainable: adapter ? trained : of.total,
      precision: {
        parameters: precision,
        compute: precision,
        autocast: false,
        masterWeights: false,
        gradients: precision,
      },
      ...(adapter ? { adapter } : {}),
    };
    held += 1;
    const near = (figure: number, written: number) =>
      Math.abs(figure - written) <= Math.max(0.01 * written, Math.min(smallFiles, 0.05 * written));
    if (!near(savedWeightBytes(plan), row.weightBytes))
      off.push(
        `${row.family} ${row.precision} ${row.adapter} weights: ${savedWeightBytes(plan)} for ${row.weightBytes}`,
      );
    if (!near(savedStateBytes(plan), row.optimizerBytes))
      off.push(
        `${row.family} ${row.precision} ${row.adapter} states: ${savedStateBytes(plan)} for ${row.optimizerBytes}`,
      );
  }
  expect(off).toEqual([]);
  expect(held).toBeGreaterThan(40);
});
