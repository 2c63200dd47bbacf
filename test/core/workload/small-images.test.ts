import { describe, expect, test } from 'vitest';
import { estimateWorkload } from '#core/estimate/index.ts';
import { type Fact, stated } from '#core/facts/fact.ts';
import type { FactName, FactValues } from '#core/facts/vocabulary.ts';
import { defaultSettings } from '#core/settings.ts';
import { resolveSpec } from '#core/workload/resolve.ts';
import { testCatalog } from '../../catalog/load.ts';

const catalog = testCatalog();
const span = { uri: 'file:///w/job', start: 0, end: 1 };
const network = {
  'model.arch': 'resnet50',
  'training.per_device_batch_size': 256,
  'training.epochs': 1,
  'training.precision': 'fp16',
  'hardware.accelerator': 'A100-80GB',
} as const;

function epochSeconds(values: { readonly [N in FactName]?: FactValues[N] }): number {
  const facts = Object.entries({ ...network, ...values }).map(
    ([name, value]) => stated(name as FactName, value as never, span) as Fact,
  );
  const reading = {
    reader: 'pytorch',
    uri: span.uri,
    name: 'job',
    role: 'program' as const,
    anchor: span,
    facts,
    open: [],
  };
  const spec = resolveSpec(
    {
      id: 'w',
      name: 'job',
      main: span.uri,
      files: [span.uri],
      readings: [{ ...reading, references: [], problems: [] }],
      facts,
      open: [],
      conflicts: [],
      anchors: [span],
      problems: [],
    },
    catalog,
    defaultSettings,
  );
  const { time } = estimateWorkload(spec, catalog, defaultSettings);
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
