import { describe, expect, it } from 'vitest';
import type { Accelerator } from '#core/catalog/accelerator.ts';
import { fittedEfficiency as k } from '#core/estimate/efficiency-fitted.ts';
import { batchedTokensByDefault, reserveOf, sequencesByDefault } from '#core/estimate/engine-reserve.ts';
import { engineTraits } from '#core/estimate/engines.ts';
import type { ServingPlan } from '#core/estimate/plan.ts';
import { profiledActivations, servingMoment } from '#core/estimate/serving-memory.ts';
import { generationOf } from '#core/estimate/serving-time.ts';
import { usualBits, weightBitsIn } from '#core/workload/weight-bits.ts';
import { servingPlan } from './serving-plans.ts';

const rate = (change: Partial<ServingPlan>) => generationOf(servingPlan(change), 1, k)?.decodeRate ?? 0;

describe('engines', () => {
  it.each([
    ['vllm', 'graph'],
    ['llama.cpp', 'graph'],
    ['exllama', 'graph'],
    ['text-generation-inference', 'graph'],
    ['transformers', 'eager'],
    ['', 'eager'],
  ])('%s runs a step as %s', (engine, kind) => {
    expect(engineTraits(engine).kind).toBe(kind);
  });
  it('lets the first engine of vLLM wait for its host between steps', () => {
    expect(1 / rate({ engineVersion: '0.6.3' }) - 1 / rate({ engineVersion: '0.10' })).toBeCloseTo(2.5e-3, 6);
  });
  it('reads formats of mixed widths at their mean', () => {
    const wide = rate({ engine: 'llama.cpp' });
    const mixed = rate({ engine: 'llama.cpp', weightPrecision: 'int4', weightBits: 4.89 });
    expect(mixed).toBeGreaterThan(2.2 * wide);
    expect(mixed).toBeLessThan((16 / 4.89) * wide);
  });
});

describe('prompts of a plain generation loop', () => {
  const loop = (change: Partial<ServingPlan>) =>
    servingMoment(servingPlan({ engine: 'transformers', concurrency: 1, outputLength: 16, ...change })).bytes;

  it('count where they are longer than the answer', () => {
    // 28,672 of gate and up and their product in 16 bits, the residual and its norm beside.
    const perToken = 2 * (3 * 14336 + 2 * 4096);
    const grown = loop({ inputLength: 16384 }) - loop({ inputLength: 8192 });
    const cache = 131072 * 8192;
    expect(grown - cache).toBeCloseTo(perToken * 8192, -4);
  });
  it('form the logits of every token in releases before 4.45', () => {
    const old = loop({ inputLength: 8192, engineVersion: '4.40' });
    const now = loop({ inputLength: 8192, engineVersion: '4.51' });
    expect(old - now).toBeGreaterThan(8192 * (128256 * 6 - 2 * (3 * 14336 + 2 * 4096)) * 0.99);
  });
  it('pass in chunks through native engines', () => {
    const native = (inputLength: number) => loop({ engine: 'llama.cpp', inputLength }) - 131072 * inputLength;
    expect(native(16384)).toBeCloseTo(native(1024), -4);
  });
});

describe('the reserve of an engine', () => {
  it('profiles prompts whole in the first engine of vLLM alone', () => {
    const profiled = (version: string) =>
      profiledActivations(
        servingPlan({ maximumLength: 32768, maximumSequences: 16, reserve: reserveOf('vllm', version) }),
      );
    expect(profiled('0.6')).toBeGreaterThan(3.5 * profiled('0.10'));
  });
  it('samples little where the first engine chunks long prompts', () => {
    const sampled = (maximumLength: number) =>
      profiledActivations(servingPlan({ maximumLength, reserve: reserveOf('vllm', '0.7') }));
    expect(sampled(131_072)).toBeLessThan(sampled(2048) / 3);
  });
  it('takes as many sequences as the release does', () => {
    const card = servingPlan().accelerator;
    expect([undefined, '0.6', '0.8', '0.10'].map((version) => sequencesByDefault('vllm', card, version))).toEqual([
      1024, 256, 1024, 1024,
    ]);
  });
  it('has four slots where a native server states none', () => {
    expect(sequencesByDefault('llama.cpp', servingPlan().accelerator)).toBe(4);
  });
  it('profiles smaller batches of prompts on small cards', () => {
    const [large, small] = [
      { memory: 80 * 2 ** 30, architecture: 'Hopper' },
      { memory: 24 * 2 ** 30, architecture: 'Ada' },
    ];
    const card = (of: { memory: number; architecture: string }) => of as unknown as Accelerator;
    expect([card(large), card(small)].map((one) => batchedTokensByDefault('vllm', one))).toEqual([8192, 2048]);
  });
  it('keeps small communicators over PCIe', () => {
    expect(reserveOf('vllm', '0.10', true).outsideGroup).toBeLessThan(reserveOf('vllm', '0.10').outsideGroup / 4);
  });
});

describe('bits of a weight', () => {
  it.each([
    ['Q4_K_M (GGUF)', 4.89],
    ['llama-3-8b.Q5_0.gguf', 5.57],
    ['EXL2 2.5 bpw', 2.5],
    ['IQ3_XXS', 3.25],
    ['fp6', 6],
    ['GPTQ int4', undefined],
    ['fp16', undefined],
  ])('%s: %s', (text, bits) => {
    expect(weightBitsIn(text)).toBe(bits);
  });
  it('takes the usual format where whole bits alone are named', () => {
    expect([2, 4, 8, 7].map(usualBits)).toEqual([3.16, 4.89, 8.5, 7]);
  });
});
