import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogTables, createCatalog } from '#core/catalog/decode.ts';
import { type PredictCase, predict } from '#core/predict/index.ts';

function tableText(name: string): string | undefined {
  const urls = ['pricing-data', 'model-data'].map((folder) => new URL(`../../${folder}/${name}.json`, import.meta.url));
  const found = urls.find((url) => existsSync(url));
  return found && readFileSync(found, 'utf8');
}

const tables = Object.fromEntries(catalogTables.map((name) => [name, tableText(name)]));
const catalog = createCatalog(tables).value;
const runs: readonly PredictCase[] = readFileSync(new URL('../reference/runs.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));

test('what was measured does not move what is predicted', () => {
  for (const run of runs.filter((_, index) => index % 20 === 0)) {
    const measured = Object.fromEntries(
      Object.entries(run.measured as Record<string, unknown>).map(([key, value]) => [
        key,
        typeof value === 'number' ? value * 3 + 1 : value,
      ]),
    );
    expect(predict({ ...run, measured }, catalog)).toEqual(predict(run, catalog));
  }
});

test('every answer is an ordered range of finite numbers', () => {
  for (const run of runs.filter((_, index) => index % 3 === 0)) {
    for (const [key, { low, likely, high }] of Object.entries(predict(run, catalog).predicted)) {
      expect(low <= likely && likely <= high && Number.isFinite(high), `${run.id} ${key}`).toBe(true);
    }
  }
});

test('a case of any content is answered or refused, never thrown at', () => {
  const anything = fc.anything({ maxDepth: 2 });
  const cases = fc.record({
    id: fc.string(),
    task: fc.constantFrom('finetune', 'lora', 'inference', 'kvcache', 'checkpoint', 'nonsense'),
    model: fc.oneof(anything, fc.record({ name: fc.string(), arch: anything })),
    framework: fc.string(),
    hardware: anything,
    config: fc.oneof(anything, fc.record({ precision: fc.string(), micro_batch_per_gpu: fc.double(), lora: anything })),
    measured: anything,
  });
  fc.assert(
    fc.property(cases, (one) => {
      expect(predict(one, catalog).id).toBe(one.id);
    }),
    { numRuns: 300, seed: 11 },
  );
});
