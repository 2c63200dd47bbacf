import { expect, it } from 'vitest';
import { unetOf } from '#core/catalog/tables/unets.ts';
import type { Plan } from '#core/estimate/plan.ts';
import { unetBytes } from '#core/estimate/unet.ts';
import type { ConvolutionalShape } from '#core/workload/architecture.ts';
import { trainingPlan } from './time-plans.ts';

const gib = 2 ** 30;
const known = (family: string, parameters: number): ConvolutionalShape => {
  const found = unetOf(family, parameters);
  if (!found) throw new Error(`no ${family}`);
  return found;
};
const sd1 = known('sd1', 859_520_964);
const xl = known('sdxl', 2_567_463_684);
const fp32 = { parameters: 'fp32', compute: 'fp32', autocast: false, masterWeights: false, gradients: 'fp32' } as const;
const mixed = { ...fp32, compute: 'bf16', autocast: true } as const;
const adapter: Plan['adapter'] & object = {
  rank: 16,
  parameters: 3e6,
  targets: { query: true, key: true, value: true, output: true, gate: false, up: false, down: false },
  precision: 'bf16',
  decomposed: false,
  savedModules: 0,
  frozenParameters: 0,
};

const kept = (vision: ConvolutionalShape, imageSize: number, change: Partial<Plan>) => {
  const { shape: _, ...plan } = trainingPlan({ vision, imageSize, microBatch: 1, precision: fp32, ...change });
  if (!vision.denoises) throw new Error('no UNet');
  return unetBytes(plan, vision, vision.denoises).kept / gib;
};

it('keeps what UNets of diffusers 0.40 keep, counted on the stand-in GPU', () => {
  const rows: readonly (readonly [ConvolutionalShape, number, Partial<Plan>, number])[] = [
    [sd1, 512, {}, 1.742],
    [sd1, 1024, {}, 6.948],
    [sd1, 512, { attention: 'eager' }, 4.469],
    [sd1, 1024, { attention: 'eager' }, 49.85],
    [sd1, 512, { precision: mixed }, 1.15],
    [sd1, 512, { precision: mixed, adapter }, 1.018],
    [sd1, 1024, { recompute: 'full' }, 1.151],
    [xl, 1024, {}, 12.82],
    [xl, 1024, { attention: 'eager' }, 24.21],
    [xl, 1024, { precision: mixed }, 7.44],
    [xl, 1024, { precision: mixed, adapter }, 6.749],
  ];
  for (const [vision, side, change, counted] of rows)
    expect(Math.abs(kept(vision, side, change) / counted - 1), `${side} ${counted}`).toBeLessThan(0.08);
});

it('takes a distilled network of the same family for another', () => {
  expect(unetOf('sdxl', 1_300_195_844)).toBeUndefined();
});
