import { describe, expect, test } from 'vitest';
import { planCheckpoints } from '#core/estimate/checkpoint-plan.ts';
import type { CheckpointPlan } from '#core/estimate/estimate.ts';
import { saveSeconds } from '#core/estimate/save-time.ts';
import { saveBytes } from '#core/estimate/storage.ts';
import { estimateTime } from '#core/estimate/time.ts';
import { describeCheckpointPlan } from '#core/report/checkpoint-plan.ts';
import { defaultSettings, type Settings } from '#core/settings.ts';
import type { WorkloadSpec } from '#core/workload/spec.ts';
import { trainingPlan } from '../estimate/time-plans.ts';

const spec = (kind: 'spot' | 'on-demand') =>
  ({
    task: 'finetune',
    resources: { priceKind: { kind: 'exact', value: kind, origin: { kind: 'setting', key: 'price' } } },
  }) as unknown as WorkloadSpec;

function planned(
  change: Parameters<typeof trainingPlan>[0],
  kind: 'spot' | 'on-demand',
  settings: Settings = defaultSettings,
) {
  const plan = trainingPlan({ steps: 100_000, ...change });
  const points = { likely: plan, variants: [] };
  return { plan, found: planCheckpoints(points, estimateTime(points), spec(kind), settings) };
}

const told = (plan: CheckpointPlan | undefined) => (plan ? describeCheckpointPlan(plan) : []).map(String);

const saves = { enabled: true, everySteps: 500, savesOptimizer: true };

describe('the time of a save', () => {
  test('is bytes over the rate of the storage, of all nodes where each writes its part', () => {
    const plan = trainingPlan({ checkpoint: { ...saves, writeRate: 2e9, sharded: true }, nodes: 4 });
    const { stall, write } = saveSeconds(plan);
    expect(stall.likely).toBeCloseTo(saveBytes(plan) / 2e9 / 4, 6);
    expect(write).toEqual(stall);
    const whole = saveSeconds({ ...plan, checkpoint: { ...plan.checkpoint, sharded: false } });
    expect(whole.stall.likely).toBeCloseTo(4 * stall.likely, 6);
  });

  test('behind the work stops it for the copy to the host alone', () => {
    const plan = trainingPlan({ checkpoint: { ...saves, asynchronous: true } });
    const { stall, write } = saveSeconds(plan);
    expect(stall.likely).toBeLessThan(write.likely / 2);
  });
});

describe('the plan of a job', () => {
  test('on demand rests on published runs, and says which', () => {
    const { found } = planned({ checkpoint: saves, devices: 16_384, nodes: 2048, perNode: 8 }, 'on-demand');
    expect(found?.rate?.basis).toBe('published');
    expect(found?.rate?.hours.likely).toBeCloseTo(3.09, 2);
    expect(told(found).join('\n')).toContain('Llama 3');
    expect(found?.band?.from).toBeLessThan(found?.best?.likely ?? 0);
  });

  test("on spot is unknown with a range until a rate of one's own is given", () => {
    const { found } = planned({ checkpoint: saves }, 'spot');
    expect(found?.rate?.basis).toBe('unknown');
    expect(told(found).join('\n')).toMatch(/best .* to .*, by how often this capacity is taken back: unknown/);
    const own = { ...defaultSettings, lifecycle: { interruptions: { hoursBetween: 4.6, count: 43, source: 'log' } } };
    expect(planned({ checkpoint: saves }, 'spot', own).found?.rate?.basis).toBe('own');
  });

  test('of a spot gang without a trace has no best at all', () => {
    const { found } = planned({ checkpoint: saves, nodes: 4 }, 'spot');
    expect(found?.rate).toBeUndefined();
    expect(found?.best).toBeUndefined();
    expect(found?.stated?.steps).toBe(500);
  });

  test('of a short run on few machines needs no save but the last', () => {
    const { found } = planned({ checkpoint: saves, steps: 100 }, 'on-demand');
    expect(found?.endsSooner).toBe(true);
  });
});
