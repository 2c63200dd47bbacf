import type { AnalyzedWorkload } from '../analyze.ts';
import { likely } from '../workload/known.ts';

/** What is missing for a full answer on one job, and how to say it. */
export interface Unknown {
  readonly what: string;
  readonly how: string;
}

/** The gaps of a job that cost figures, gravest first; none where every figure could be worked out. */
export function unknownsOf({ spec, estimate }: AnalyzedWorkload): readonly Unknown[] {
  const gaps: Unknown[] = [];
  if (!estimate.parameters) {
    gaps.push({
      what: 'size of the model',
      how: 'name a hub id in the code, or keep its config.json beside it or in the Hugging Face cache',
    });
  }
  if (likely(spec.resources.accelerator) === undefined) {
    gaps.push({ what: 'accelerator', how: 'accelerator: H100:8 in flopwise.yaml, or --accelerator H100:8' });
  } else if (!estimate.cost) {
    gaps.push({ what: 'price', how: 'rates: { NAME: 2.10 } in flopwise.yaml, or flopwise prices refresh' });
  }
  if (spec.schedule && estimate.time && !estimate.time.run) {
    gaps.push({
      what: 'length of the run',
      how: 'dataset: { examples: 50000 } in flopwise.yaml, or a number of steps in the code',
    });
  }
  if (spec.schedule && likely(spec.schedule.microBatch) === undefined) {
    gaps.push({ what: 'micro batch', how: 'a batch size that the code or its launcher states as a number' });
  }
  return gaps;
}
