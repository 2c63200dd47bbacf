import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { adapterParameters, adapterTargets, targetNames } from '#core/estimate/adapter.ts';
import type { Plan } from '#core/estimate/plan.ts';
import { saveBytes } from '#core/estimate/storage.ts';
import { decoder } from '../estimate/shapes.ts';
import { trainingPlan } from '../estimate/time-plans.ts';

/** What `test/reference/oracle/saves/deepspeed_saves.py` found on the disk. */
interface Saved {
  readonly case: string;
  readonly parameters: number;
  readonly trainable: number;
  readonly stack: 'deepspeed' | 'hf-trainer';
  readonly stage: Plan['parallel']['zeroStage'];
  readonly dtype: 'fp32' | 'bf16' | 'fp16';
  readonly ranks: number;
  readonly optimizer: string;
  readonly tied: boolean;
  readonly gathers: boolean;
  readonly lora?: number;
  /** The frozen base is left out by an argument of the engine; trainers of adapters do so by themselves. */
  readonly excludes: boolean;
  readonly bytes: number;
}

const file = new URL('../reference/oracle/saves/deepspeed.json', import.meta.url);
const { shape: dimensions, rows } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly shape: Parameters<typeof decoder>[0];
  readonly rows: readonly Saved[];
};

function planOf({ stack, stage, dtype, ranks, optimizer, tied, gathers, lora }: Saved): Plan {
  const shape = decoder(dimensions, { tiedEmbeddings: tied });
  const names = targetNames(['all-linear'], shape);
  const parameters = lora === undefined ? 0 : adapterParameters(shape, names, lora, false);
  const half = dtype !== 'fp32';
  return trainingPlan(
    {
      shape,
      stack: stack === 'deepspeed' ? 'pytorch' : stack,
      precision: { parameters: dtype, compute: dtype, autocast: false, masterWeights: half, gradients: dtype },
      optimizer: { name: optimizer.replace(/_torch$/, ''), fused: false, inBackward: false },
      checkpoint: { enabled: true, savesOptimizer: true, gathersWeights: gathers },
      devices: ranks,
      perNode: ranks,
      ...(lora === undefined
        ? {}
        : {
            adapter: {
              rank: lora,
              parameters,
              targets: adapterTargets(names),
              precision: 'fp32' as const,
              decomposed: false,
              savedModules: 0,
              frozenParameters: 0,
            },
            trainable: parameters,
          }),
    },
    { implementation: 'deepspeed', zeroStage: stage, data: ranks, shardGroup: ranks },
  );
}

// An engine that is told to leave the base out is no option of any trainer's files: its row is for the record.
test.each(rows.filter((row) => row.stack !== 'deepspeed' || !row.excludes).map((row) => [row.case, row] as const))(
  '%s',
  (_, row) => {
    const plan = planOf(row);
    expect(row.lora === undefined ? plan.parameters : plan.trainable).toBe(
      row.lora === undefined ? row.parameters : row.trainable,
    );
    expect(Math.abs(saveBytes(plan) / row.bytes - 1)).toBeLessThan(0.01);
  },
);
