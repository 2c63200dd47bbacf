import { expect, test } from 'vitest';
import { memoryPoint } from '#core/estimate/memory.ts';
import type { Plan } from '#core/estimate/plan.ts';
import {
  adapterOf,
  type Config,
  type Gap,
  type Numbers,
  planFor,
  precisionOf,
  readText,
  rowsOff,
  shapeOf,
} from './oracle.ts';

// Every allocation of whole steps of real model code, at the widths of published models (test/reference/oracle/steps).

interface StepRow {
  readonly model: string;
  readonly numbers: Numbers;
  readonly optimizer: string;
  readonly batch: number;
  readonly length: number;
  readonly attention: 'sdpa' | 'eager';
  readonly recompute: boolean;
  readonly accumulated?: boolean;
  /** The loop keeps the model's output over the backward pass. */
  readonly held?: boolean;
  readonly lora?: { readonly rank: number; readonly targets: string };
  readonly lasting: number;
  readonly forwardPeak: number;
  readonly backwardPeak: number;
  readonly stepPeak: number;
}

const { configs, rows } = JSON.parse(readText('test/reference/oracle/steps/steps.json')) as {
  readonly configs: Readonly<Record<string, Config>>;
  readonly rows: readonly StepRow[];
};

function planOfRow(row: StepRow): Plan | undefined {
  const shape = shapeOf(configs[row.model]);
  return (
    shape &&
    planFor(shape, {
      stack: row.held ? 'accelerate' : 'hf-trainer',
      sequenceLength: row.length,
      meanLength: row.length,
      microBatch: row.batch,
      accumulation: row.accumulated ? 2 : 1,
      attention: row.attention,
      recompute: row.recompute ? 'full' : 'none',
      precision: precisionOf(row.numbers),
      optimizer: {
        name: row.optimizer.replace('-fused', ''),
        fused: row.optimizer.endsWith('fused'),
        inBackward: false,
      },
      ...(row.lora ? { adapter: adapterOf(shape, [row.lora.targets], row.lora.rank, 'fp32') } : {}),
    })
  );
}

const nameOf = ({ model, numbers, optimizer, batch, attention, recompute, accumulated, held, lora }: StepRow) =>
  [
    model,
    numbers,
    optimizer,
    batch,
    attention,
    recompute && 'recompute',
    accumulated && 'accumulated',
    held && 'held',
    lora && 'lora',
  ]
    .filter(Boolean)
    .join(' ');

const gaps: readonly Gap<StepRow>[] = [
  {
    reason: 'scores in fp32 go backward beside the gradients of their layer\u2019s feed-forward part',
    bound: 0.013,
    of: (row) => row.numbers === 'fp32' && /granite/.test(row.model),
  },
];

test('the peak of a step is what its allocations come to, within one in a hundred', () => {
  const { off, held } = rowsOff(rows, gaps, (row) => {
    const plan = planOfRow(row);
    const measured = Math.max(row.forwardPeak, row.backwardPeak, row.stepPeak);
    return plan && { name: nameOf(row), figure: memoryPoint(plan).allocated, measured };
  });
  expect(off).toEqual([]);
  expect(held).toBeGreaterThan(150);
});

test('weights and states that last over the step are counted to a thousandth', () => {
  const off: string[] = [];
  for (const row of rows) {
    const plan = planOfRow(row);
    // Adafactor's rows and columns are not counted: less than a hundredth of the weights.
    const tolerance = row.optimizer === 'adafactor' ? 0.01 : 0.001;
    const { lasting } = plan ? memoryPoint(plan).moment : { lasting: row.lasting };
    if (Math.abs(lasting / row.lasting - 1) > tolerance) off.push(`${nameOf(row)}: ${lasting} for ${row.lasting}`);
  }
  expect(off).toEqual([]);
});
