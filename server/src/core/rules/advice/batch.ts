import type { SpecChange } from '../../readers/reader.ts';
import { likely } from '../../workload/known.ts';
import { statedValue } from '../propose.ts';
import type { RuleView } from '../rule.ts';

/** How many samples meet in one optimiser step, as far as files and frameworks say. */
export interface Batch {
  readonly micro: number;
  readonly accumulation: number;
}

/** The batch of a job; undefined where the micro batch is nowhere stated and no framework's default gives it. */
export function batchOf({ spec }: RuleView): Batch | undefined {
  const { schedule } = spec;
  if (schedule?.microBatch.kind !== 'exact') return undefined;
  const micro = schedule.microBatch.value;
  const accumulation = likely(schedule.accumulation) ?? 1;
  return Number.isInteger(micro) && micro >= 1 && Number.isInteger(accumulation) ? { micro, accumulation } : undefined;
}

/** Changes that set another micro batch and leave the global batch as it is; undefined where it does not divide. */
export function splitBatch(view: RuleView, micro: number): readonly SpecChange[] | undefined {
  const batch = batchOf(view);
  if (!batch) return undefined;
  const accumulation = (batch.micro * batch.accumulation) / micro;
  if (!Number.isInteger(accumulation) || !Number.isInteger(micro) || micro < 1) return undefined;
  const global = statedValue(view, 'training.global_batch_size') !== undefined;
  const statesMicro = statedValue(view, 'training.per_device_batch_size') !== undefined;
  const statesAccumulation = statedValue(view, 'training.gradient_accumulation_steps') !== undefined;
  const changes: SpecChange[] = [];
  // Where the global batch is stated, one of its two factors follows from it.
  if (!global || statesMicro) changes.push({ name: 'training.per_device_batch_size', value: micro });
  if (!global || statesAccumulation || !statesMicro)
    changes.push({ name: 'training.gradient_accumulation_steps', value: accumulation });
  return changes;
}

/** "Micro batch 4 with accumulation 8": the words for a split. */
export function splitTitle(view: RuleView, micro: number): string {
  const batch = batchOf(view);
  const accumulation = batch ? (batch.micro * batch.accumulation) / micro : 1;
  return `Micro batch ${micro} with accumulation ${accumulation}`;
}
