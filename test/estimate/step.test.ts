import { describe, expect, it } from 'vitest';
import type { Accelerator } from '#core/catalog/accelerator.ts';
import { gatherSeconds, groupOf, reduceSeconds } from '#core/estimate/communication.ts';
import { ratesOf } from '#core/estimate/compute-rates.ts';

const h100: Accelerator = {
  name: 'H100-SXM',
  vendor: 'NVIDIA',
  architecture: 'Hopper',
  memory: (80 * 2 ** 30) as Accelerator['memory'],
  bandwidth: 3.35e12,
  peak: { fp32: 67e12, tf32: 494.5e12, fp16: 989e12, bf16: 989e12, fp8: 1979e12 },
  interconnect: 'NVLink 4',
  linkBandwidth: 450e9,
  perNode: 8,
  aliases: [],
  source: 'test',
};

describe('rates of a device', () => {
  it('takes the dense tensor rate of a professional part as listed', () => {
    expect(ratesOf(h100)?.half).toBe(989e12);
  });
  it('works out the tensor rate of a GeForce card from its vector rate', () => {
    const card: Accelerator = {
      ...h100,
      name: 'RTX3090',
      architecture: 'Ampere',
      interconnect: 'PCIe',
      peak: { fp32: 35.6e12, fp16: 35.6e12 },
    };
    expect(ratesOf(card)?.half).toBeCloseTo(71.2e12, -9);
  });
  it('knows no rates where the bandwidth is missing', () => {
    const { bandwidth: _, ...bare } = h100;
    expect(ratesOf(bare)).toBeUndefined();
  });
});

describe('collectives', () => {
  it('costs nothing for one rank', () => {
    expect(gatherSeconds(1e9, groupOf(1, 1, 8), 1e11)).toBe(0);
  });
  it('moves (P-1)/P of the tensor for a gather and twice that for a sum', () => {
    const group = groupOf(8, 1, 8);
    expect(gatherSeconds(8e9, group, 1e11)).toBeCloseTo(0.07, 3);
    expect(reduceSeconds(8e9, group, 1e11)).toBeCloseTo(0.14, 3);
  });
});
