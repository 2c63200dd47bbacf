import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittedEfficiency as k } from '#core/estimate/efficiency-fitted.ts';
import { trainingFlopsPerToken } from '#core/estimate/flops.ts';
import { countParameters } from '#core/estimate/parameters.ts';
import type { Plan } from '#core/estimate/plan.ts';
import { stacksOf } from '#core/estimate/stacks.ts';
import { stepTotal } from '#core/estimate/step-parts.ts';
import { stepSeconds } from '#core/estimate/time-step.ts';
import type { TransformerShape } from '#core/workload/architecture.ts';
import { decoder } from './shapes.ts';
import { trainingPlan } from './time-plans.ts';

/** T5 base: twelve layers that read, twelve that write. */
const t5: TransformerShape = {
  ...decoder({ hidden: 768, layers: 12, heads: 12, kvHeads: 12, width: 3072, vocabulary: 32128 }),
  family: 't5',
  kind: 'encoder-decoder',
  decoderLayers: 12,
  feedForward: { width: 3072, gated: false },
  tiedEmbeddings: true,
};
const counts = countParameters(t5);

function plan(length: number, target: number | undefined, shape = t5): Plan {
  const { shape: worked = shape, ...stacks } = stacksOf(shape, length, target);
  return { ...trainingPlan({ counts, parameters: counts.total, trainable: counts.total }), shape: worked, ...stacks };
}
const seconds = (one: Plan) => {
  const step = stepSeconds({ ...one, microBatch: 32 }, k);
  return step ? stepTotal(step) : 0;
};

describe('models that read one text and write another', () => {
  it('do the work of both stacks where both texts are of one length', () => {
    const same = plan(512, 512);
    expect(same.shape?.decoderLayers).toBe(12);
    // Six operations for every parameter that is no embedding, and those of the head.
    const { linear } = { linear: 6 * (counts.total - counts.embedding) };
    expect(trainingFlopsPerToken(same)).toBeGreaterThan(linear);
  });

  it('write less for less work, and launch as many kernels', () => {
    const short = plan(1024, 128);
    expect(short.written).toBe(1 / 8);
    expect(short.decoderLayers).toBe(12);
    expect(seconds(short)).toBeLessThan(0.75 * seconds(plan(1024, 1024)));
    expect(trainingFlopsPerToken(short)).toBeLessThan(0.6 * trainingFlopsPerToken(plan(1024, 1024)));
  });

  it('hear thirty seconds however short the sound', () => {
    const whisper = { ...t5, family: 'whisper', melBins: 80 };
    expect(stacksOf(whisper, 448, undefined)).toMatchObject({ sequenceLength: 1500, written: 448 / 1500 });
    expect(stacksOf(whisper, 448, 225)).toMatchObject({ sequenceLength: 1500, written: 225 / 1500 });
  });

  it('never take less time to write more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 1000 }), (target) => {
        expect(seconds(plan(1024, target + 8))).toBeGreaterThanOrEqual(seconds(plan(1024, target)));
      }),
      { numRuns: 50 },
    );
  });

  it('leave one stack of layers as it is', () => {
    const one = decoder({ hidden: 64, layers: 2, heads: 2, kvHeads: 2, width: 256, vocabulary: 1000 });
    expect(stacksOf(one, 512, 128)).toEqual({ sequenceLength: 512, written: 1 });
  });
});
