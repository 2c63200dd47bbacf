import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { countParameters } from '#core/estimate/parameters.ts';
import type { TransformerShape } from '#core/workload/architecture.ts';

interface Published {
  readonly model: string;
  readonly parameters: number;
  readonly shape: TransformerShape;
}

const published: readonly Published[] = JSON.parse(
  readFileSync(new URL('../reference/parameters.json', import.meta.url), 'utf8'),
);

test.each(published)('$model has exactly its published parameters', ({ shape, parameters }) => {
  expect(countParameters(shape).total).toBe(parameters);
});

test('groups add up to the total, and what a token passes is at most that', () => {
  for (const { shape } of published) {
    const c = countParameters(shape);
    const sum = c.embedding + c.inputs + c.head + c.attention + c.feedForward + c.experts + c.routers + c.vectors;
    expect(sum).toBe(c.total);
    expect(c.active).toBeLessThanOrEqual(c.total);
  }
});
