import { describe, expect, it } from 'vitest';
import type { Accelerator } from '#core/catalog/accelerator.ts';
import { fittedEfficiency as k } from '#core/estimate/efficiency-fitted.ts';
import type { Plan, ServingPlan } from '#core/estimate/plan.ts';
import { servingMoment } from '#core/estimate/serving-memory.ts';
import { generationOf } from '#core/estimate/serving-time.ts';
import { servingPlan } from './serving-plans.ts';
import { a100, h100 } from './time-plans.ts';

/** An H20 by its data sheet: Hopper with 78 of 132 multiprocessors. */
const h20: Accelerator = {
  ...h100,
  name: 'H20',
  bandwidth: 4e12,
  peak: { fp32: 44e12, tf32: 74e12, fp16: 148e12, bf16: 148e12, fp8: 296e12 },
};

const on = (accelerator: Accelerator, change: Partial<ServingPlan>): Plan => ({
  ...servingPlan({ inputLength: 1, outputLength: 2048, ...change }),
  accelerator,
});
/** Seconds of a token of one sequence. */
const token = (accelerator: Accelerator, change: Partial<ServingPlan>) =>
  1 / (generationOf(on(accelerator, change), 1, k)?.decodeRate ?? Number.NaN);

const awq = { weightPrecision: 'int4', weightMethod: 'awq' } as const;
const gptq8 = { weightPrecision: 'int8', weightMethod: 'gptq' } as const;
const loop = { engine: 'transformers', engineVersion: '4.46.0' } as const;
const linears = 32 * 7;

describe('packed weights', () => {
  it('stream no faster through Marlin on Hopper at four bits than at eight', () => {
    const engine = { engine: 'sglang', engineVersion: '0.4.6' };
    // 7 billion weights of 0.52 bytes at 78 times 10.5 GB/s, the head in 16 bits beside.
    expect(token(h20, { ...engine, ...awq })).toBeGreaterThan((6.98e9 * 0.52) / (78 * 10.5e9));
    expect(token(h20, { ...engine, ...gptq8 })).toBeLessThan(2 * token(h20, { ...engine, ...awq }));
    expect(token(a100, { ...engine, ...awq })).toBeLessThan(token(h20, { ...engine, ...awq }));
  });
  it('are unpacked one by one in vLLM before Marlin took AWQ, and on cards that Marlin does not run on', () => {
    const old = token(a100, { ...awq, engineVersion: '0.4.2' });
    expect(old / token(a100, { ...awq, engineVersion: '0.5.4' })).toBeGreaterThan(1.3);
    expect(old).toBeGreaterThan((6.98e9 * 20) / 19.5e12);
  });
  it('cost every linear of a plain loop a call, by the library that packed them', () => {
    const plain = token(a100, loop);
    expect(token(a100, { ...loop, ...gptq8 }) - plain).toBeCloseTo(linears * 3.3e-5, 3);
    expect(token(a100, { ...loop, ...awq })).toBeLessThan(token(a100, { ...loop, ...gptq8 }));
    expect(token(a100, { ...loop, ...gptq8, engineVersion: '4.51' })).toBeGreaterThan(plain + linears * 9e-5);
  });
  it("wait in transformers' own fp8 for its kernel of blocks", () => {
    const fp8 = token(h20, { ...loop, engineVersion: '4.51', weightPrecision: 'fp8' });
    expect(fp8).toBeGreaterThan(2 * token(h20, { ...loop, engineVersion: '4.51' }));
  });
});

describe('a step that is not recorded', () => {
  it('is one of a context beyond 8,192 in the first releases of vLLM', () => {
    const longer = (engineVersion: string) =>
      token(a100, { engineVersion, inputLength: 8192 }) - token(a100, { engineVersion, inputLength: 4096 });
    expect(longer('0.4.2')).toBeGreaterThan(longer('0.6.3') + 1e-3);
  });
});

describe('keys and values of a plain loop', () => {
  it('pass more often for one sequence than for several at once', () => {
    const device = (batch: number) =>
      1 / (generationOf(on(a100, { ...loop, inputLength: 131072 }), batch, k)?.decodeRate ?? Number.NaN);
    expect(device(8)).toBeLessThan(0.7 * device(1));
  });
});

describe('a tied output projection', () => {
  const { shape, counts } = servingPlan();
  const tied = (engineVersion: string, change: Partial<ServingPlan> = {}) => {
    const plan = on(a100, { ...loop, engineVersion, concurrency: 1, outputLength: 16, ...change });
    return servingMoment({ ...plan, counts: { ...counts, head: 0 } }).bytes;
  };
  const copy = 2 * (shape?.vocabulary ?? 0) * (shape?.hidden ?? 0);

  it('was loaded by itself in old releases, and longer where AutoAWQ saved it', () => {
    expect(tied('4.38.2') - tied('4.46.0')).toBeGreaterThan(0.9 * copy);
    expect(tied('4.46.0', awq) - tied('4.51', awq)).toBeGreaterThan(0.9 * copy);
  });
  it('hides behind a long prompt', () => {
    const prompt = { inputLength: 32768 };
    expect(tied('4.46.0', { ...awq, ...prompt })).toBe(tied('4.51', { ...awq, ...prompt }));
  });
});
