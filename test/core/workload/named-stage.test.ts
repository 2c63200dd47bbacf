import { expect, test } from 'vitest';
import { type Fact, stated } from '#core/facts/fact.ts';
import type { FactName, FactValues } from '#core/facts/vocabulary.ts';
import { defaultSettings } from '#core/settings.ts';
import { likely } from '#core/workload/known.ts';
import { resolveSpec } from '#core/workload/resolve.ts';
import { testCatalog } from '../../catalog/load.ts';

const catalog = testCatalog();
const span = { uri: 'file:///w/job', start: 0, end: 1 };

/** Sharding of a job whose DeepSpeed config is named and lies elsewhere. */
function sharding(path: string, values: { readonly [N in FactName]?: FactValues[N] } = {}) {
  const all = { 'parallel.strategy': 'deepspeed', 'hardware.gpus_per_node': 8, ...values } as const;
  const facts = Object.entries(all).map(([name, value]) => stated(name as FactName, value as never, span) as Fact);
  const references = [{ path, role: 'config' as const, span }];
  const reading = {
    reader: 'axolotl',
    uri: span.uri,
    name: 'job',
    role: 'config' as const,
    anchor: span,
    facts,
    open: [],
  };
  const { parallelism } = resolveSpec(
    {
      id: 'w',
      name: 'job',
      main: span.uri,
      files: [span.uri],
      readings: [{ ...reading, references, problems: [] }],
      facts,
      open: [],
      conflicts: [],
      anchors: [span],
      problems: [],
    },
    catalog,
    defaultSettings,
  );
  return [likely(parallelism.zeroStage), likely(parallelism.offloadOptimizer)];
}

test('the name of a config that is not at hand tells its stage', () => {
  expect(sharding('deepspeed_configs/zero3_bf16.json')).toEqual([3, 'none']);
  expect(sharding('examples/deepspeed/ds_z2_config.json')).toEqual([2, 'none']);
  expect(sharding('configs/ds_z3_offload_config.json')).toEqual([3, 'cpu']);
  expect(sharding('deepspeed/stage_1.json')).toEqual([1, 'none']);
});

test('a name that tells none leaves it open, and what files state comes first', () => {
  expect(sharding('deepspeed/config.json')[0]).toBeUndefined();
  expect(sharding('deepspeed/zero3.json', { 'parallel.zero_stage': 2 })[0]).toBe(2);
});
