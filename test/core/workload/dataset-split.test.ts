import { describe, expect, it } from 'vitest';
import { sizesOfSplit } from '#core/workload/resolve/dataset-split.ts';
import { testCatalog } from '../../catalog/load.ts';

const catalog = testCatalog();
const examples = (id: string, config: string | undefined, split?: string) =>
  sizesOfSplit(split, (one) => catalog.dataset(id, config, one))?.examples;

describe('a split has the examples that a program loads', () => {
  it.each([
    ['openai/gsm8k', 'main', 'train', 7473],
    ['openai/gsm8k', undefined, undefined, 7473],
    ['tatsu-lab/alpaca', undefined, 'train[:5000]', 5000],
    ['tatsu-lab/alpaca', undefined, 'train[:10%]', 5200],
    ['tatsu-lab/alpaca', undefined, 'train[90%:]', 5200],
    ['tatsu-lab/alpaca', undefined, 'train[-100:]', 100],
    ['tatsu-lab/alpaca', undefined, 'train[:90_000]', 52002],
    ['glue', 'mrpc', 'train+validation', 4076],
    ['glue', 'mrpc', 'train[:1000]+validation', 1408],
    ['mozilla-foundation/common_voice_11_0', 'hi', 'train+validation', 6540],
    ['open-r1/Mixture-of-Thoughts', 'science', 'train', 172514],
  ] as const)('%s %s %s', (id, config, split, count) => {
    expect(examples(id, config, split)).toMatchObject({ kind: 'exact', value: count });
  });

  it.each(['train[5]', 'train[:x]', 'train[100:50]', 'train+none'])('or is not known: %s', (split) => {
    expect(examples('glue', 'mrpc', split)).toBeUndefined();
  });
});
