import { expect, it } from 'vitest';
import { countParameters } from '#core/estimate/parameters.ts';
import { sizedShape } from '#core/estimate/sized-shape.ts';
import { isTransformer, type TransformerShape } from '#core/workload/architecture.ts';
import { exact, unknown } from '#core/workload/known.ts';
import type { ModelSpec } from '#core/workload/spec.ts';
import { decoder } from './shapes.ts';

const origin = { kind: 'setting', key: 'test' } as const;
const dense = decoder({ hidden: 4096, layers: 32, heads: 32, kvHeads: 8, width: 10_923, vocabulary: 128_256 });
const mixture: TransformerShape = {
  ...decoder({ hidden: 3584, layers: 28, heads: 28, kvHeads: 4, width: 9557, vocabulary: 151_936 }),
  feedForward: {
    width: 9557,
    gated: true,
    experts: { count: 64, perToken: 8, width: 1344, sharedWidth: 0, denseLayers: 0, step: 1 },
  },
};

function sized(name: string, shape: TransformerShape, more: Partial<ModelSpec> = {}) {
  const model: ModelSpec = {
    name: exact(name, origin),
    architecture: exact(shape, origin),
    parameters: unknown('counted'),
    ...more,
  };
  const { architecture, otherSize } = sizedShape(model);
  if (!architecture || !isTransformer(architecture)) throw new Error('no blocks');
  return { total: countParameters(architecture).total, feedForward: architecture.feedForward, otherSize };
}

it('takes a width that nobody states from the size that the name tells', () => {
  expect(countParameters(mixture).total / 1e9).toBeCloseTo(28.2, 0);
  const found = sized('some-57B-A14B', mixture, { guessedWidth: true });
  expect(found.total / 57e9).toBeCloseTo(1, 2);
  expect(found.feedForward.experts?.width).toBeGreaterThan(2500);
  expect(found.otherSize).toBeUndefined();
});

it('keeps a guess that agrees with the name, and a guess without a name', () => {
  expect(sized('some-7B', dense, { guessedWidth: true }).feedForward.width).toBe(10_923);
  expect(sized('some-model', mixture, { guessedWidth: true }).feedForward.experts?.width).toBe(1344);
});

it('hands on the size that contradicts dimensions which are all stated', () => {
  const found = sized('some-57B', mixture);
  expect(found.otherSize).toBe(57e9);
  expect(found.feedForward.experts?.width).toBe(1344);
  expect(sized('some-8B', dense).otherSize).toBeUndefined();
});

it('believes the dimensions of models that were cut', () => {
  const two = decoder({ hidden: 4096, layers: 2, heads: 32, kvHeads: 8, width: 14_336, vocabulary: 128_256 });
  expect(sized('Llama-3-8B cut to 2 layers', two).otherSize).toBeUndefined();
  expect(sized('Llama-3-8B', two).otherSize).toBe(8e9);
});
