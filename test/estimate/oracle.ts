import { existsSync, readFileSync } from 'node:fs';
import { catalogTables, createCatalog } from '#core/catalog/decode.ts';
import { shapeOfConfig } from '#core/catalog/model-config.ts';
import { adapterParameters, adapterTargets, targetNames } from '#core/estimate/adapter.ts';
import { stacksExperts } from '#core/estimate/adapter-experts.ts';
import { countParameters } from '#core/estimate/parameters.ts';
import type { AdapterPlan, Plan } from '#core/estimate/plan.ts';
import type { TransformerShape } from '#core/workload/architecture.ts';
import type { Precision } from '#core/workload/spec.ts';
import { planOf } from './plans.ts';

/** Text of a file of the repository. */
export const readText = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const tableOf = (name: string) =>
  ['pricing-data', 'model-data']
    .map((folder) => `${folder}/${name}.json`)
    .filter((path) => existsSync(new URL(`../../${path}`, import.meta.url)))
    .map(readText)[0];

/** The product's own tables. */
export const catalog = createCatalog(Object.fromEntries(catalogTables.map((name) => [name, tableOf(name)]))).value;

/** A configuration as its `config.json` has it. */
export type Config = Readonly<Record<string, unknown>>;

/** The shape that the product reads from a configuration; undefined for families that no table has. */
export function shapeOf(config: Config | undefined): TransformerShape | undefined {
  const shape = shapeOfConfig(config, (family) => catalog.familyShape(family));
  return 'reason' in shape ? undefined : shape;
}

/** Formats of a run: all in 16 bits, all in 32, or autocast over 32. */
export type Numbers = 'bf16' | 'fp32' | 'autocast';

/** The plan's precision for the formats of a run. */
export function precisionOf(numbers: Numbers): Plan['precision'] {
  const wide: Precision = numbers === 'bf16' ? 'bf16' : 'fp32';
  const compute: Precision = numbers === 'fp32' ? 'fp32' : 'bf16';
  return { parameters: wide, compute, autocast: numbers === 'autocast', masterWeights: false, gradients: wide };
}

/** Adapters of a rank on the named linears of a model, as peft makes them. */
export function adapterOf(
  shape: TransformerShape,
  targets: readonly string[],
  rank: number,
  precision: Precision,
): AdapterPlan {
  const names = targetNames(targets, shape);
  return {
    rank,
    parameters: adapterParameters(shape, names, rank, false, stacksExperts({ stack: 'hf-trainer' })),
    targets: adapterTargets(names),
    precision,
    decomposed: false,
    savedModules: 0,
    frozenParameters: 0,
  };
}

/** A plan that trains a shape, all of it or its adapters alone. */
export function planFor(shape: TransformerShape, more: Partial<Plan>): Plan {
  const counts = countParameters(shape);
  return {
    ...planOf({}),
    shape,
    counts,
    parameters: counts.total,
    active: counts.active,
    trainable: more.adapter?.parameters ?? counts.total,
    ...more,
  };
}

/** A kind of rows that the estimator misses, why, and how far it may be off at most. */
export interface Gap<Row> {
  readonly reason: string;
  /** Relative error that no row of the kind exceeds today. */
  readonly bound: number;
  readonly of: (row: Row) => boolean;
}

/** Rows off by more than a hundredth, or by more than the bound of their gap; gaps that no row has are off too. */
export function rowsOff<Row>(
  rows: readonly Row[],
  gaps: readonly Gap<Row>[],
  compare: (row: Row) => { readonly name: string; readonly figure: number; readonly measured: number } | undefined,
): { readonly off: readonly string[]; readonly held: number } {
  const off: string[] = [];
  let held = 0;
  for (const row of rows) {
    const compared = compare(row);
    if (!compared) continue;
    const gap = gaps.find((one) => one.of(row));
    const error = compared.figure / compared.measured - 1;
    if (Math.abs(error) > (gap?.bound ?? 0.01)) {
      const percent = (100 * error).toFixed(2);
      off.push(`${compared.name}: ${Math.round(compared.figure)} for ${compared.measured} (${percent} %)`);
    }
    if (!gap) held += 1;
  }
  for (const gap of gaps) if (!rows.some(gap.of)) off.push(`no row has the gap: ${gap.reason}`);
  return { off, held };
}
