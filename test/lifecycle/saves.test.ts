import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { adapterParameters, adapterTargets, targetNames } from '#core/estimate/adapter.ts';
import { countParameters } from '#core/estimate/parameters.ts';
import type { Plan } from '#core/estimate/plan.ts';
import { saveBytes } from '#core/estimate/storage.ts';
import { decoder } from '../estimate/shapes.ts';
import { trainingPlan } from '../estimate/time-plans.ts';

/** What `test/reference/oracle/saves/saves.py` found on the disk. */
interface Saved {
  readonly case: string;
  readonly framework: string;
  readonly parameters: number;
  readonly trainable: number;
  readonly stack: Plan['stack'];
  readonly dtype: 'fp32' | 'bf16';
  readonly autocast: boolean;
  readonly optimizer: string;
  readonly savesOptimizer: boolean;
  readonly tied: boolean;
  readonly lora?: number;
  readonly modulesToSave?: readonly string[];
  readonly bytes: number;
}

const file = new URL('../reference/oracle/saves/saves.json', import.meta.url);
const { shape: dimensions, rows } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly shape: Parameters<typeof decoder>[0];
  readonly rows: readonly Saved[];
};

function planOf(row: Saved): Plan {
  const shape = decoder(dimensions, { tiedEmbeddings: row.tied });
  const counts = countParameters(shape);
  const names = targetNames(['all-linear'], shape);
  const parameters = row.lora === undefined ? 0 : adapterParameters(shape, names, row.lora, false);
  const savedModules = row.modulesToSave ? counts.embedding + counts.head : 0;
  const adapter =
    row.lora === undefined
      ? {}
      : {
          adapter: {
            rank: row.lora,
            parameters,
            targets: adapterTargets(names),
            // peft keeps adapters in fp32 whatever the base is kept in.
            precision: 'fp32' as const,
            decomposed: false,
            savedModules,
            frozenParameters: 0,
          },
          trainable: parameters + savedModules,
        };
  return trainingPlan({
    shape,
    stack: row.stack,
    precision: {
      parameters: row.dtype,
      compute: row.autocast ? 'bf16' : row.dtype,
      autocast: row.autocast,
      masterWeights: false,
      gradients: row.dtype,
    },
    optimizer: { name: row.optimizer.replace(/_torch$/, ''), fused: false, inBackward: false },
    checkpoint: { enabled: true, savesOptimizer: row.savesOptimizer },
    ...adapter,
  });
}

test.each(rows.map((row) => [row.case, row] as const))('%s', (_, row) => {
  const plan = planOf(row);
  expect(row.lora === undefined ? plan.parameters : plan.trainable).toBe(
    row.lora === undefined ? row.parameters : row.trainable,
  );
  expect(Math.abs(saveBytes(plan) / row.bytes - 1)).toBeLessThan(0.01);
});

test("BLOOM's published sizes: 2.3 TB with optimizer states, 329 GB of weights, in binary units", () => {
  // bf16 weights, fp32 master copies and two fp32 moments: 14 bytes a parameter (BigScience, 176,247 M parameters).
  const parameters = 176.247e9;
  const bloom = trainingPlan({
    parameters,
    trainable: parameters,
    precision: { parameters: 'bf16', compute: 'bf16', autocast: false, masterWeights: true, gradients: 'fp32' },
    checkpoint: { enabled: true, savesOptimizer: true },
  });
  expect(saveBytes(bloom) / 2 ** 40 / 2.3).toBeCloseTo(1, 1);
  const alone = saveBytes({ ...bloom, checkpoint: { enabled: true, savesOptimizer: false } });
  expect(Math.abs(alone / 2 ** 30 / 329 - 1)).toBeLessThan(0.01);
});
