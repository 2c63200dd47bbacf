import { describe, expect, test } from 'vitest';
import { fittedEfficiency } from '#core/estimate/efficiency-fitted.ts';
import type { Plan, SpeculationPlan } from '#core/estimate/plan.ts';
import { servingWeights } from '#core/estimate/serving-memory.ts';
import { estimateServingRates, generationOf } from '#core/estimate/serving-time.ts';
import { tokensPerCheck } from '#core/estimate/speculation.ts';
import { servingPlan } from './serving-plans.ts';

const layer: SpeculationPlan = { kind: 'layer', tokens: 4, parameters: 218e6, layers: 1 };
const drafting = (plan: Plan, speculation: SpeculationPlan): Plan => {
  if (!plan.serving) throw new Error('serves nothing');
  return { ...plan, serving: { ...plan.serving, speculation } };
};

test('a check yields its own token and the drafted ones up to the first that is refused', () => {
  expect(tokensPerCheck(0, 4)).toBe(1);
  expect(tokensPerCheck(1, 4)).toBe(5);
  expect(tokensPerCheck(0.7, 4)).toBeCloseTo(2.773, 3);
});

describe('speculative decoding', () => {
  const plain = servingPlan({ concurrency: 1 });
  const drafted = drafting(plain, layer);
  const rateOf = (plan: Plan, batch: number) => generationOf(plan, batch, fittedEfficiency)?.decodeRate ?? 0;

  test('makes one sequence faster, and a full batch hardly', () => {
    const alone = rateOf(drafted, 1) / rateOf(plain, 1);
    const full = rateOf(drafted, 256) / rateOf(plain, 256);
    expect(alone).toBeGreaterThan(1.8);
    expect(alone).toBeLessThan(2.8);
    expect(full).toBeLessThan(alone);
  });

  test('gives a range, as drafts are accepted seldom or often', () => {
    const width = (plan: Plan) => {
      const rate = estimateServingRates({ likely: plan, variants: [] }, 1e6).decodeTokensPerSecond;
      return rate ? rate.high / rate.low : 0;
    };
    expect(width(drafted)).toBeGreaterThan(1.5 * width(plain));
  });

  test('holds the draft beside the model', () => {
    expect(servingWeights(drafted) - servingWeights(plain)).toBeCloseTo(2 * layer.parameters, -3);
  });
});

test('a prefix cache may spare prompts: the range reaches up, the likely figure stays', () => {
  const plain = servingPlan({ concurrency: 64, inputLength: 4096, outputLength: 128 });
  const cached = servingPlan({ concurrency: 64, inputLength: 4096, outputLength: 128, prefixCaching: true });
  const of = (plan: Plan) => estimateServingRates({ likely: plan, variants: [] }, 1e6).outputTokensPerSecond;
  expect(of(cached)?.likely).toBe(of(plain)?.likely);
  expect(of(cached)?.high ?? 0).toBeGreaterThan(1.3 * (of(plain)?.high ?? 0));
});
