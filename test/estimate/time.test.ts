import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittedNames, priorEfficiency } from '#core/estimate/efficiency.ts';
import { fittedEfficiency as k } from '#core/estimate/efficiency-fitted.ts';
import { tokenFlops, trainingFlopsPerToken } from '#core/estimate/flops.ts';
import type { Plan } from '#core/estimate/plan.ts';
import { stepTotal } from '#core/estimate/step-parts.ts';
import { estimateTime, tokensPerStep, utilizationOf } from '#core/estimate/time.ts';
import { stepsOf } from '#core/estimate/time-run.ts';
import { stepSeconds } from '#core/estimate/time-step.ts';
import { decoder } from './shapes.ts';
import { a100, h100, llama8b, trainingPlan } from './time-plans.ts';

const seconds = (plan: Plan): number => {
  const step = stepSeconds(plan, k);
  if (!step) throw new Error('no step');
  return stepTotal(step);
};

const shapes = fc.record({
  heads: fc.constantFrom(8, 16, 32, 64),
  layers: fc.integer({ min: 2, max: 80 }),
  share: fc.constantFrom(1, 2, 4),
  ratio: fc.double({ min: 2, max: 5, noNaN: true }),
  vocabulary: fc.constantFrom(32000, 50304, 128256),
});
const shapeOf = (s: { heads: number; layers: number; share: number; ratio: number; vocabulary: number }) =>
  decoder({
    hidden: s.heads * 128,
    layers: s.layers,
    heads: s.heads,
    kvHeads: s.heads / s.share,
    width: Math.round(s.heads * 128 * s.ratio),
    vocabulary: s.vocabulary,
  });
const lengths = fc.integer({ min: 64, max: 65536 });
const batches = fc.integer({ min: 1, max: 64 });

describe('model FLOPs', () => {
  it('are twice the matrices that a token passes, and 4 s a d a layer for attention', () => {
    const { linear, attention, head } = tokenFlops(trainingPlan());
    expect(linear).toBe(2 * (8030261248 - 2 * 128256 * 4096 - 65 * 4096));
    expect(attention).toBe(4 * 4096 * 4096 * 32);
    expect(head).toBe(2 * 128256 * 4096);
  });
  it('halve attention under a causal mask where that is asked for', () => {
    expect(tokenFlops(trainingPlan(), true).attention).toBe(tokenFlops(trainingPlan()).attention / 2);
  });
  it('are about 6 N a token of full training, 4 N where the base is frozen', () => {
    const short = { sequenceLength: 64, meanLength: 64 };
    expect(trainingFlopsPerToken(trainingPlan(short)) / 8.03e9).toBeCloseTo(5.6, 0);
    expect(trainingFlopsPerToken(trainingPlan({ ...short, quantization: 'nf4', trainable: 4e6 })) / 8.03e9).toBeCloseTo(
      3.75,
      0,
    );
  });
  it('of a mixture count the experts that a token takes', () => {
    const mixed = decoder(
      { hidden: 4096, layers: 32, heads: 32, kvHeads: 8, width: 14336, vocabulary: 32000 },
      {
        feedForward: {
          width: 14336,
          gated: true,
          experts: { count: 8, perToken: 2, width: 14336, sharedWidth: 0, denseLayers: 0, step: 1 },
        },
      },
    );
    expect(tokenFlops(trainingPlan({ shape: mixed })).linear / 2).toBeCloseTo(12.6e9, -9);
  });
});

describe('a training step', () => {
  it('is the sum of its parts, none of them negative', () => {
    fc.assert(
      fc.property(shapes, lengths, batches, fc.constantFrom(1, 2, 4, 8), (s, length, micro, tensor) => {
        const plan = trainingPlan(
          {
            shape: shapeOf(s),
            sequenceLength: length,
            meanLength: length,
            microBatch: micro,
            devices: tensor,
            perNode: 8,
          },
          { tensor, sequence: true },
        );
        const step = stepSeconds(plan, k);
        expect(step).toBeDefined();
        const parts = Object.values(step ?? {});
        expect(parts.every((part) => part >= 0 && Number.isFinite(part))).toBe(true);
        expect(parts.reduce((a, b) => a + b, 0)).toBeCloseTo(seconds(plan), 9);
      }),
    );
  });
  it('never gets shorter with more samples or longer ones', () => {
    fc.assert(
      fc.property(shapes, lengths, batches, (s, length, micro) => {
        const plan = trainingPlan({ shape: shapeOf(s), sequenceLength: length, meanLength: length, microBatch: micro });
        expect(seconds({ ...plan, microBatch: micro + 1 })).toBeGreaterThanOrEqual(seconds(plan));
        const longer = { ...plan, sequenceLength: length + 64, meanLength: length + 64 };
        expect(seconds(longer)).toBeGreaterThanOrEqual(seconds(plan) * 0.999);
        expect(seconds({ ...plan, accumulation: 2 })).toBeGreaterThan(seconds(plan));
      }),
    );
  });
  it('is never slower on a device that is faster in every rate', () => {
    fc.assert(
      fc.property(shapes, lengths, batches, fc.double({ min: 1, max: 4, noNaN: true }), (s, length, micro, by) => {
        const plan = trainingPlan({ shape: shapeOf(s), sequenceLength: length, meanLength: length, microBatch: micro });
        const peak = { fp32: 67e12 * by, tf32: 494e12 * by, fp16: 989e12 * by, bf16: 989e12 * by, fp8: 1979e12 * by };
        const faster = { ...h100, bandwidth: 3.35e12 * by, peak };
        expect(seconds({ ...plan, accelerator: faster })).toBeLessThanOrEqual(seconds(plan) * 1.000001);
      }),
    );
  });
  it('is faster on an H100 than on an A100', () => {
    expect(seconds(trainingPlan())).toBeLessThan(seconds(trainingPlan({ accelerator: a100 })));
  });
  it('takes longer with recomputation, and shorter where frozen', () => {
    const plan = trainingPlan();
    expect(seconds({ ...plan, recompute: 'full' })).toBeGreaterThan(seconds(plan) * 1.15);
    expect(seconds({ ...plan, recompute: 'selective' })).toBeLessThan(seconds({ ...plan, recompute: 'full' }));
  });
  it('scales to more data-parallel ranks at the cost of communication alone', () => {
    const one = trainingPlan();
    const ranks = (n: number) =>
      trainingPlan(
        { devices: n, perNode: 8, nodes: Math.ceil(n / 8) },
        { data: n, zeroStage: 3, shardGroup: n, implementation: 'fsdp' },
      );
    for (const n of [2, 8, 16, 64]) {
      const step = stepSeconds(ranks(n), k);
      expect(step?.matmuls).toBe(stepSeconds(one, k)?.matmuls);
      expect(step?.optimizer ?? 0).toBeLessThanOrEqual(stepSeconds(one, k)?.optimizer ?? 0);
    }
  });
  it('loses (p - 1) / m of a pipeline to its bubble', () => {
    const plan = trainingPlan({ devices: 4, perNode: 4, accumulation: 12 }, { pipeline: 4 });
    const step = stepSeconds(plan, k);
    const busy = step ? stepTotal(step) - step.bubble - step.optimizer : 0;
    expect((step?.bubble ?? 0) / busy).toBeCloseTo(3 / 12, 1);
  });
  it('is slower over PCIe than over NVLink where tensors are split', () => {
    const split = trainingPlan({ devices: 4, perNode: 4 }, { tensor: 4 });
    const { linkBandwidth: _, ...bare } = h100;
    const pcie = { ...bare, name: 'H100-PCIE', interconnect: 'PCIe' };
    expect(seconds({ ...split, accelerator: pcie })).toBeGreaterThan(seconds(split) * 1.5);
  });
  it('is bound by its host where its samples are few and its layers many', () => {
    const short = trainingPlan({ sequenceLength: 64, meanLength: 64 });
    expect(stepSeconds(short, k)?.host ?? 0).toBeGreaterThan(0.3 * seconds(short));
    expect(stepSeconds(trainingPlan(), k)?.host ?? 0).toBeLessThan(0.1 * seconds(trainingPlan()));
  });
  it('is not worked out on a device whose rates are not known', () => {
    const { bandwidth: _, ...unknown } = h100;
    expect(stepSeconds(trainingPlan({ accelerator: unknown }), k)).toBeUndefined();
  });
});

describe('the time of a run', () => {
  it('counts steps from examples, epochs and batch, rounded up', () => {
    expect(stepsOf(trainingPlan({ examples: 1001, epochs: 3, microBatch: 4, accumulation: 2 }))).toBe(376);
    expect(stepsOf(trainingPlan({ tokens: 1e9 }))).toBe(Math.ceil(1e9 / 4096));
    expect(stepsOf(trainingPlan({ steps: 70 }))).toBe(70);
    expect(stepsOf(trainingPlan())).toBeUndefined();
  });
  it('packs short examples into full rows', () => {
    expect(stepsOf(trainingPlan({ examples: 4096, meanLength: 512 }))).toBe(512);
  });
  it('lies within its interval, and device-hours are hours times devices', () => {
    const likely = trainingPlan({ steps: 1000, devices: 8, perNode: 8 }, { data: 8, zeroStage: 3, shardGroup: 8 });
    const time = estimateTime({ likely, variants: [] });
    expect(time?.run?.low).toBeLessThan(time?.run?.likely ?? 0);
    expect(time?.run?.high).toBeGreaterThan(time?.run?.likely ?? 0);
    expect(time?.deviceHours?.likely).toBeCloseTo(((time?.run?.likely ?? 0) * 8) / 3600, 6);
    expect(time?.parts.reduce((sum, part) => sum + part.seconds, 0)).toBeCloseTo(time?.step.likely ?? 0, 9);
  });
  it('reaches a share of peak that machines reach', () => {
    const plan = trainingPlan({ microBatch: 2, compiled: true, recompute: 'selective' });
    const share = utilizationOf(plan, seconds(plan)) ?? 0;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.6);
    expect(tokensPerStep(plan)).toBe(8192);
  });
});

describe('the numbers of the time model', () => {
  it('are fewer than thirty, and stay where physics lets them', () => {
    expect(fittedNames.length).toBeLessThan(30);
    for (const name of fittedNames) {
      expect(k[name]).toBeGreaterThan(0);
      if (/^(gemm|sustained|attention|memory|link|network|decodeShare|servingShare)/.test(name))
        expect(k[name]).toBeLessThanOrEqual(1);
      expect(Math.abs(Math.log(k[name] / priorEfficiency[name]))).toBeLessThan(1);
    }
  });
  it('know the shapes that tests use', () => {
    expect(trainingPlan().counts.total).toBe(8030261248);
    expect(llama8b.layers).toBe(32);
  });
});
