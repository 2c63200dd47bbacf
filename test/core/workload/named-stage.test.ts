import { expect, test } from 'vitest';
import { defaultSettings } from '#core/settings.ts';
import { resolveSpec } from '#core/workload/resolve.ts';
import { testCatalog } from '../../catalog/load.ts';
import { figure, jobOf, type Stated, span } from './job.ts';

/** Sharding of a job whose DeepSpeed config is named and lies elsewhere. */
function sharding(path: string, values: Stated = {}) {
  const all = { 'parallel.strategy': 'deepspeed', 'hardware.gpus_per_node': 8, ...values } as const;
  const job = jobOf('axolotl', all, [{ path, role: 'config', span }]);
  const { parallelism } = resolveSpec(job, testCatalog(), defaultSettings);
  return [figure(parallelism.zeroStage), figure(parallelism.offloadOptimizer)];
}

test('the name of a config that is not at hand tells its stage', () => {
  expect(sharding('deepspeed_configs/zero3_bf16.json')).toEqual([3, 'none']);
  expect(sharding('examples/deepspeed/ds_z2_config.json')).toEqual([2, 'none']);
  expect(sharding('configs/ds_z3_offload_config.json')).toEqual([3, 'cpu']);
  expect(sharding('deepspeed/stage_1.json')).toEqual([1, 'none']);
});

test('states leave the device by a name that says offload, weights only where they are split too', () => {
  const { parallelism } = resolveSpec(
    jobOf('axolotl', { 'parallel.strategy': 'deepspeed' }, [{ path: 'ds/zero2_offload.json', role: 'config', span }]),
    testCatalog(),
    defaultSettings,
  );
  expect([figure(parallelism.offloadOptimizer), figure(parallelism.offloadParameters)]).toEqual(['cpu', 'none']);
});

test('a name that tells none leaves it open, and what files state comes first', () => {
  expect(sharding('deepspeed/config.json')[0]).toBeUndefined();
  expect(sharding('deepspeed/zero3.json', { 'parallel.zero_stage': 2 })[0]).toBe(2);
});
