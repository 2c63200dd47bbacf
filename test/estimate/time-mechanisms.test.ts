import { expect, it } from 'vitest';
import { fittedEfficiency as k } from '#core/estimate/efficiency-fitted.ts';
import type { Plan } from '#core/estimate/plan.ts';
import { stepTotal } from '#core/estimate/step-parts.ts';
import { stepSeconds } from '#core/estimate/time-step.ts';
import type { ConvolutionalShape } from '#core/workload/architecture.ts';
import { decoder } from './shapes.ts';
import { a100, h100, trainingPlan } from './time-plans.ts';

const parts = (plan: Plan) => {
  const step = stepSeconds(plan, k);
  if (!step) throw new Error('no step');
  return step;
};
const seconds = (plan: Plan) => stepTotal(parts(plan));

const resnet50: ConvolutionalShape = {
  kind: 'vision',
  family: 'resnet50',
  macs: 4.11e9,
  activations: 11.11e6,
  imageSize: 224,
};
const v100 = {
  ...a100,
  name: 'V100-16GB',
  architecture: 'Volta',
  bandwidth: 0.9e12,
  peak: { fp32: 15.7e12, fp16: 125e12 },
};
const images = (change: Partial<Plan>): Plan => {
  const { shape: _, ...plan } = trainingPlan({
    task: 'vision',
    stack: 'pytorch',
    accelerator: a100,
    microBatch: 256,
    parameters: 25.56e6,
    trainable: 25.56e6,
    precision: { parameters: 'fp32', compute: 'fp16', autocast: true, masterWeights: false, gradients: 'fp32' },
    vision: resnet50,
    ...change,
  });
  return plan;
};
const fp32 = { parameters: 'fp32', compute: 'fp32', autocast: false, masterWeights: false, gradients: 'fp32' } as const;

it('convolutions on matrix units turn images that lie in the other layout; on vector units they do not', () => {
  const gain = seconds(images({})) / seconds(images({ channelsLast: true }));
  expect(gain).toBeGreaterThan(1.3);
  expect(gain).toBeLessThan(1.9);
  const old = { accelerator: v100, precision: fp32 };
  expect(seconds(images(old))).toBe(seconds(images({ ...old, channelsLast: true })));
});

it('convolutions of fp32 images run in TF32 on cards that have it, windows of patches in fp32', () => {
  const tf32 = { ...fp32, compute: 'tf32' } as const;
  expect(seconds(images({ precision: fp32 }))).toBe(seconds(images({ precision: tf32 })));
  const swin = { vision: { ...resnet50, family: 'swin_tiny' } };
  expect(seconds(images({ ...swin, precision: fp32 }))).toBeGreaterThan(seconds(images({ ...swin, precision: tf32 })));
});

it.each(['deit_base_distilled_patch16_224', 'convnext_large'])(
  '%s has few convolutions whose operands could be turned',
  (family) => {
    const vision = { ...resnet50, family };
    expect(seconds(images({ vision }))).toBe(seconds(images({ vision, channelsLast: true })));
  },
);

it('batches of samples of like length compute little more than what the samples hold', () => {
  const loose = { packed: false, sequenceLength: 4096, meanLength: 400, microBatch: 8 };
  const grouped = seconds(trainingPlan({ ...loose, groupedByLength: true }));
  expect(grouped).toBeLessThan(seconds(trainingPlan(loose)) * 0.7);
  expect(grouped).toBeGreaterThan(seconds(trainingPlan({ ...loose, paddingFree: true })));
});

it('a small step takes as long as its host, which is faster beside an H100 than beside an A100', () => {
  const small = (accelerator = h100) => trainingPlan({ accelerator, sequenceLength: 64, meanLength: 64 });
  expect(parts(small()).host).toBeGreaterThan(0.3 * seconds(small()));
  expect(seconds(small(a100))).toBeGreaterThan(1.2 * seconds(small()));
});

const mixture = decoder(
  { hidden: 2880, layers: 36, heads: 64, kvHeads: 8, headDim: 64, width: 2880, vocabulary: 201088 },
  {
    feedForward: {
      width: 2880,
      gated: true,
      experts: { count: 128, perToken: 4, width: 2880, sharedWidth: 0, denseLayers: 0, step: 1 },
    },
  },
);
const spread64 = (expert: number) =>
  trainingPlan(
    { shape: mixture, stack: 'megatron', devices: 64, perNode: 8, nodes: 8, task: 'pretrain' },
    { data: 64, expert, zeroStage: 1, shardGroup: 64, implementation: 'megatron' },
  );

it('experts that fill a node are reduced between nodes, each rank by its own card', () => {
  expect(parts(spread64(8)).communication).toBeGreaterThan(2 * parts(spread64(64)).communication);
});

it('a token crosses to a node once, however many of its experts lie there', () => {
  const more = decoder(
    { ...{ hidden: 2880, layers: 36, heads: 64, kvHeads: 8, headDim: 64, width: 2880, vocabulary: 201088 } },
    {
      feedForward: {
        width: 2880,
        gated: true,
        experts: { count: 128, perToken: 32, width: 360, sharedWidth: 0, denseLayers: 0, step: 1 },
      },
    },
  );
  const crossing = parts({ ...spread64(64), shape: more }).communication;
  expect(crossing).toBeLessThan(3 * parts(spread64(64)).communication);
});

it('a smaller power budget slows large matmuls, and none makes them faster', () => {
  const capped = (powerWatts: number) => parts(trainingPlan({ accelerator: { ...h100, powerWatts } })).matmuls;
  expect(capped(500) / capped(700)).toBeGreaterThan(1.1);
  expect(capped(500) / capped(700)).toBeLessThan(1.2);
  expect(capped(1000)).toBe(capped(700));
});

it('methods that build what they apply cost more than plain low-rank adapters', () => {
  const targets = { query: true, key: true, value: true, output: true, gate: true, up: true, down: true };
  const adapted = (method?: string) =>
    seconds(
      trainingPlan({
        trainable: 40e6,
        adapter: {
          rank: 32,
          parameters: 40e6,
          targets,
          precision: 'fp32',
          decomposed: false,
          savedModules: 0,
          frozenParameters: 0,
          ...(method === undefined ? {} : { method }),
        },
      }),
    );
  expect(adapted('lokr')).toBeGreaterThan(adapted());
  expect(adapted('boft')).toBeGreaterThan(1.5 * adapted());
});

it('eight bits of bitsandbytes wait for the outliers of every linear', () => {
  const frozen = { trainable: 0, frozenParameters: 8e9, microBatch: 4, sequenceLength: 256, meanLength: 256 };
  const wide = seconds(trainingPlan(frozen));
  const eight = seconds(trainingPlan({ ...frozen, quantization: 'int8' }));
  // Two passes of 7 linears in 32 layers, a millisecond each.
  expect(eight - wide).toBeGreaterThan(0.25);
  expect(eight - wide).toBeLessThan(0.7);
});
