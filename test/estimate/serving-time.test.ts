import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittedEfficiency as k } from '#core/estimate/efficiency-fitted.ts';
import { touchedExperts } from '#core/estimate/serving-step.ts';
import { generationOf, runningSequences } from '#core/estimate/serving-time.ts';
import { servingPlan as served } from './serving-plans.ts';

describe('serving', () => {
  it('decodes one sequence no faster than its weights can be read', () => {
    const one = generationOf(served(), 1, k);
    expect(one?.decodeRate).toBeLessThan(3.35e12 / (2 * 7.5e9));
    expect(one?.decodeRate).toBeGreaterThan(60);
  });
  it('gives more tokens a second to more sequences, and each of them fewer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 255 }), (batch) => {
        const few = generationOf(served(), batch, k);
        const more = generationOf(served(), batch + 1, k);
        // The engine's share under load sets in above eight sequences.
        if (batch !== 8) expect(more?.outputRate ?? 0).toBeGreaterThanOrEqual((few?.outputRate ?? 0) * 0.999);
        expect((more?.decodeRate ?? 0) / (batch + 1)).toBeLessThanOrEqual(((few?.decodeRate ?? 0) / batch) * 1.001);
      }),
    );
  });
  it('is faster with narrower weights', () => {
    const wide = generationOf(served(), 1, k)?.decodeRate ?? 0;
    expect(generationOf(served({ weightPrecision: 'fp8' }), 1, k)?.decodeRate).toBeGreaterThan(wide * 1.4);
    expect(generationOf(served({ weightPrecision: 'int4' }), 1, k)?.decodeRate).toBeGreaterThan(wide * 1.8);
  });
  it('runs as many sequences as are asked for, at most what the cache holds', () => {
    expect(runningSequences(served({ concurrency: 10 }), 1e6)).toBe(10);
    expect(runningSequences(served(), 12800)).toBe(10);
    expect(runningSequences(served(), 1e9)).toBe(256);
  });
  it('touches every expert once batches are large', () => {
    expect(touchedExperts(1, 8, 128)).toBeCloseTo(1 / 16, 6);
    expect(touchedExperts(512, 8, 128)).toBeGreaterThan(0.99);
  });
});
