import { expect, it } from 'vitest';
import { fittedEfficiency as k } from '#core/estimate/efficiency-fitted.ts';
import type { Plan } from '#core/estimate/plan.ts';
import { stepTotal } from '#core/estimate/step-parts.ts';
import { stepSeconds } from '#core/estimate/time-step.ts';
import { decoder } from './shapes.ts';
import { a100, b200, h100, trainingPlan } from './time-plans.ts';

const parts = (plan: Plan) => {
  const step = stepSeconds(plan, k);
  if (!step) throw new Error('no step');
  return step;
};
const seconds = (plan: Plan) => stepTotal(parts(plan));

const format = (compute: Plan['precision']['compute']): Plan['precision'] => ({
  parameters: 'bf16',
  compute,
  autocast: false,
  masterWeights: true,
  gradients: 'fp32',
});
const layers = (hidden: number) =>
  decoder({ hidden, layers: 16, heads: hidden / 128, kvHeads: hidden / 128, width: 4 * hidden, vocabulary: 32000 });
const step = (compute: Plan['precision']['compute'], hidden: number, accelerator = h100) =>
  trainingPlan({
    stack: 'megatron',
    accelerator,
    shape: layers(hidden),
    precision: format(compute),
    sequenceLength: 4096,
    meanLength: 4096,
  });

it('eight bits gain more on wide matrices, whose products outweigh the casts of what they multiply', () => {
  const gain = (hidden: number) => seconds(step('bf16', hidden)) / seconds(step('fp8', hidden));
  expect(gain(8192)).toBeGreaterThan(gain(2048) + 0.15);
  expect(gain(2048)).toBeLessThan(1.3);
  expect(gain(8192)).toBeLessThan(1.7);
});

it('the head multiplies in 16 bits whatever the layers do', () => {
  expect(parts(step('fp8', 4096)).head).toBe(parts(step('bf16', 4096)).head);
});

it('four bits gain over eight what their rate gives, less the layers that stay in 16', () => {
  const gain = parts(step('fp8', 8192, b200)).matmuls / parts(step('fp4', 8192, b200)).matmuls;
  expect(gain).toBeGreaterThan(1.2);
  expect(gain).toBeLessThan(1.6);
});

it('kernels for older cards attend no faster on B200 than on H100 by what it has more of them', () => {
  const eager = (accelerator: typeof h100) =>
    parts(trainingPlan({ accelerator, sequenceLength: 8192, meanLength: 8192 }));
  const gain = eager(h100).attention / eager(b200).attention;
  expect(gain).toBeGreaterThan(1);
  expect(gain).toBeLessThan(1.3);
});

it('gathers that hide under compute cost it six tenths of their time on H100, an eighth on A100', () => {
  const share = (accelerator: typeof h100) => {
    const plan = trainingPlan(
      { accelerator, devices: 8, perNode: 8, sequenceLength: 8192, meanLength: 8192 },
      { data: 8, zeroStage: 3, shardGroup: 8, implementation: 'fsdp2' },
    );
    return parts(plan).communication;
  };
  // H100's link is half as fast again as A100's, yet its hidden gathers cost more.
  expect(share(h100)).toBeGreaterThan(1.5 * share(a100));
});

const segmented = (family: string) =>
  trainingPlan({
    stack: 'pytorch',
    accelerator: a100,
    shape: decoder(
      { hidden: 512, layers: 16, heads: 8, headDim: 64, kvHeads: 8, width: 2048, vocabulary: 267735 },
      { family, norm: 'layer', feedForward: { width: 2048, gated: false }, tiedEmbeddings: true },
    ),
    attention: 'eager',
    microBatch: 32,
    sequenceLength: 192,
    meanLength: 192,
  });

it('a model that reads segments attends to the one before, and reaches into a tenth of its vocabulary', () => {
  const plain = parts(segmented('gpt2'));
  const xl = parts(segmented('transfo_xl'));
  expect(xl.attention).toBeGreaterThan(1.8 * plain.attention);
  expect(xl.matmuls).toBeGreaterThan(1.2 * plain.matmuls);
  expect(xl.head).toBeLessThan(0.4 * plain.head);
});

it('without adaptive softmax the whole vocabulary is multiplied', () => {
  expect(parts(segmented('transfo_xl_whole')).head).toBeGreaterThan(4 * parts(segmented('transfo_xl')).head);
});

const mixture = decoder(
  { hidden: 2048, layers: 27, heads: 16, kvHeads: 16, headDim: 128, width: 11264, vocabulary: 163840 },
  {
    feedForward: {
      width: 11264,
      gated: true,
      experts: { count: 64, perToken: 6, width: 1408, sharedWidth: 2816, denseLayers: 1, step: 1 },
    },
  },
);
const small = (change: Partial<Plan> = {}) =>
  trainingPlan(
    { stack: 'megatron', shape: mixture, sequenceLength: 2048, meanLength: 2048, devices: 8, perNode: 8, ...change },
    { data: 8, expert: 8, zeroStage: 1, shardGroup: 8, implementation: 'megatron' },
  );

it('a small mixture under Megatron waits for launches, less where a recipe fuses the router and records layers', () => {
  expect(parts(small()).host).toBeGreaterThan(2 * parts(small({ fusedLayers: true })).host);
});

it('adapters of experts are products of their own for each of them', () => {
  const adapted = (experts: boolean) =>
    small({
      adapter: {
        rank: 8,
        targets: { query: true, key: true, value: true, output: true, gate: experts, up: experts, down: experts },
        parameters: 1e8,
        precision: 'bf16',
        decomposed: false,
        frozenParameters: 0,
        savedModules: 0,
      },
    });
  expect(parts(adapted(true)).host).toBeGreaterThan(parts(adapted(false)).host);
});

it('casts of experts are launched one by one', () => {
  const host = (compute: Plan['precision']['compute']) =>
    parts(small({ precision: format(compute), fusedLayers: true })).host;
  expect(host('fp8')).toBeGreaterThan(host('bf16'));
});

it('each further token costs a layer and a pass of the head', () => {
  const one = parts(step('bf16', 4096));
  const more = parts({ ...step('bf16', 4096), laterTokens: 1 });
  expect(more.matmuls / one.matmuls).toBeCloseTo(17 / 16, 6);
  expect(more.head / one.head).toBeCloseTo(2, 6);
});

it('ranks of one host share what it steps through', () => {
  const offloaded = (perNode: number) =>
    parts(
      trainingPlan(
        { devices: perNode, perNode, trainable: 1e9 * perNode },
        { data: perNode, zeroStage: 2, shardGroup: perNode, offloadOptimizer: 'cpu', implementation: 'deepspeed' },
      ),
    ).optimizer;
  expect(offloaded(8)).toBeGreaterThan(1.8 * offloaded(2));
});

it('tensor parallelism shares the rows of experts like all other work', () => {
  const cut = (tensor: number) =>
    parts(
      trainingPlan(
        { stack: 'megatron', shape: mixture, devices: 8, perNode: 8 },
        { tensor, data: 8 / tensor, expert: 8, sequence: true, implementation: 'megatron' },
      ),
    ).matmuls;
  expect(cut(2) / cut(1)).toBeLessThan(0.65);
});

it('a small mixture waits longer beside Grace than beside Xeons', () => {
  const grace = { ...b200, name: 'GB200' };
  expect(parts(small({ accelerator: grace })).host).toBeGreaterThan(1.8 * parts(small({ accelerator: b200 })).host);
});

it('a step that is recorded whole waits for no launches, and its experts move nothing between their products', () => {
  const plain = parts(small({ accelerator: b200, precision: format('fp8') }));
  const recorded = parts(small({ accelerator: b200, precision: format('fp8'), recordedSteps: true }));
  expect(recorded.host).toBe(0);
  expect(recorded.elementwise).toBeLessThan(0.95 * plain.elementwise);
});

it('an optimiser that steps through tensors one by one takes as long as its launches', () => {
  const loop = segmented('transfo_xl');
  const fused = { ...loop, optimizer: { ...loop.optimizer, fused: true } };
  const unfused = { ...loop, optimizer: { ...loop.optimizer, fused: false } };
  expect(parts(unfused).optimizer).toBeGreaterThan(2 * parts(fused).optimizer);
});

it('attention on A100 nears its kernel\u2019s rate as rows grow', () => {
  const rate = (sequenceLength: number) => {
    const plan = trainingPlan({ accelerator: a100, sequenceLength, meanLength: sequenceLength });
    return sequenceLength ** 2 / parts(plan).attention;
  };
  expect(rate(16384) / rate(2048)).toBeGreaterThan(1.2);
  expect(rate(65536) / rate(16384)).toBeLessThan(1.05);
});
