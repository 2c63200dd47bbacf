import { expect, test } from 'vitest';
import { countParameters } from '#core/estimate/parameters.ts';
import { isTransformer } from '#core/workload/architecture.ts';
import { likely } from '#core/workload/known.ts';
import { catalog, readText } from './oracle.ts';

// Parameters of published models, counted by the classes of transformers, timm and torchvision that load them
// (test/reference/oracle/published), beside what the product's tables and formulas make of their dimensions.

interface Counts {
  readonly library: string;
  /** Counts by family or library, then by model. */
  readonly parameters: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const countsOf = (name: string) => JSON.parse(readText(`test/reference/oracle/published/${name}.json`)) as Counts;

/** Figures further than a share of what was counted, in words; models that the tables do not have. */
function offBy(share: number, counts: Counts, figureOf: (group: string, name: string) => number | undefined) {
  const off: string[] = [];
  const missing: string[] = [];
  let exact = 0;
  let all = 0;
  for (const [group, models] of Object.entries(counts.parameters)) {
    for (const [name, counted] of Object.entries(models)) {
      const figure = figureOf(group, name);
      all += 1;
      if (figure === undefined) missing.push(name);
      else if (Math.abs(figure / counted - 1) > share) off.push(`${name}: ${figure} for ${counted}`);
      if (figure === counted) exact += 1;
    }
  }
  return { off, missing, exact, all };
}

test('published language models have the parameters of the class that loads them', () => {
  const blocks = (_: string, name: string) => {
    const shape = catalog.model(name)?.architecture;
    return shape && isTransformer(shape) ? countParameters(shape).total : undefined;
  };
  const { off, missing, exact, all } = offBy(0.01, countsOf('language'), blocks);
  expect(off).toEqual([]);
  expect(missing).toEqual([]);
  expect(all).toBeGreaterThan(400);
  // The rest are vectors that a configuration does not tell: poolers, positions, biases.
  expect(exact / all).toBeGreaterThan(0.86);
});

test('published vision networks have the parameters that timm and torchvision train', () => {
  const { off, missing, all } = offBy(0.01, countsOf('vision'), (library, name) => {
    const parameters = catalog.model(`${library}/${name}`)?.parameters;
    return parameters && likely(parameters);
  });
  expect(off).toEqual([]);
  expect(missing).toEqual([]);
  expect(all).toBeGreaterThan(780);
});

test('published diffusion networks have the parameters of their class', () => {
  const { off, missing } = offBy(0, countsOf('diffusion'), (_, name) => {
    const parameters = catalog.model(name)?.parameters;
    return parameters && likely(parameters);
  });
  expect(off).toEqual([]);
  expect(missing).toEqual([]);
});
