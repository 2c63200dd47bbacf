import { describe, expect, test } from 'vitest';
import { estimateWorkload } from '#core/estimate/index.ts';
import { defaultSettings } from '#core/settings.ts';
import { testCatalog } from '../../catalog/load.ts';
import { type Stated, specOf } from './job.ts';

const network = {
  'model.arch': 'resnet50',
  'training.per_device_batch_size': 256,
  'training.epochs': 1,
  'training.precision': 'fp16',
  'hardware.accelerator': 'A100-80GB',
} as const;

function epochSeconds(values: Stated): number {
  const { time } = estimateWorkload(specOf('pytorch', { ...network, ...values }), testCatalog(), defaultSettings);
  return (time?.step.likely ?? 0) * (time?.steps?.likely ?? 0);
}

describe('images that are smaller than a network is made for', () => {
  const cifar = { 'data.dataset': 'cifar10' } as const;

  test('are passed as they are by a network that takes any size, unless the program says otherwise', () => {
    expect(epochSeconds(cifar) * 10).toBeLessThan(epochSeconds({ ...cifar, 'data.image_size': 224 }));
  });

  test('are no photographs to decode: few workers keep up with them', () => {
    const workers = { 'data.num_workers': 4 } as const;
    expect(epochSeconds({ ...cifar, ...workers })).toBeLessThan(2 * epochSeconds(cifar));
    const photographs = { ...cifar, 'data.image_size': 224 } as const;
    // 50,000 photographs at 120 a second and worker.
    expect(epochSeconds({ ...photographs, ...workers })).toBeGreaterThan(0.9 * (50_000 / (4 * 120)));
  });
});
