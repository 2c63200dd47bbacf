import { momentsOf } from './optimizer-states.ts';
import { bytesPerElement, type Plan } from './plan.ts';

/** Trainers that write the weights once more beside DeepSpeed's own save (`Trainer.save_model`), and leave a frozen base out of both. */
const besideEngine: ReadonlySet<Plan['stack']> = new Set(['hf-trainer', 'trl', 'axolotl', 'llamafactory']);

/** True where DeepSpeed's engine writes the saves, and what they hold is known. */
export function savesByDeepspeed({ parallel, quantization }: Plan): boolean {
  return parallel.implementation === 'deepspeed' && quantization === undefined;
}

/** Bytes that one save of a job on DeepSpeed writes, weights and states apart. */
export interface DeepspeedSave {
  readonly weights: number;
  readonly states: number;
}

/**
 * What DeepSpeed's engine saves, and the trainer beside it (DeepSpeed 0.19, `test/reference/oracle/saves/deepspeed_saves.py`).
 * Moments and, from stage 1 on, a master copy are kept in fp32 whatever the weights are in; at stage 0 only half weights have
 * one. Weights go into the save up to stage 2; at stage 3 the master copy is all there is of what is trained.
 */
export function deepspeedSave(plan: Plan): DeepspeedSave {
  const { precision, parallel, trainable, adapter, checkpoint, stack } = plan;
  const width = bytesPerElement[precision.compute] === 4 ? 4 : 2;
  const moments = momentsOf(plan.optimizer.name, plan.task === 'vision');
  const masters = parallel.zeroStage > 0 || width === 2 ? 4 : 0;
  const states = trainable * (masters + moments.count * (moments.bytes ?? 4));
  const beside = besideEngine.has(stack);
  const whole = adapter ? trainable : plan.parameters;
  // The engine saves a frozen base too unless it is told not to, as trainers of adapters tell it.
  const frozen = adapter && !beside ? plan.parameters : 0;
  const inEngine = (parallel.zeroStage < 3 ? whole : 0) + frozen;
  const again = beside && (parallel.zeroStage < 3 || checkpoint.gathersWeights === true) ? whole : 0;
  if (!checkpoint.savesOptimizer) return { weights: width * (beside ? again : inEngine), states: 0 };
  return { weights: width * (inEngine + again), states };
}

/** The script that lies beside each save and makes one file of its parts (`zero_to_fp32.py`). */
const script = 34_918;
/** Names and shapes of one tensor, which every rank of stage 3 writes: 532 to 591 bytes in the files of the reference. */
const shapeRecord = 560;
/** Tensors of a block of a frozen base, and of the rest of it. */
const [tensorsOfBlock, tensorsBeside] = [9, 3];

/** Bytes beside the tensors of an engine's save, of which `tensors` are trained. */
export function besideEngineSave({ parallel, adapter, shape, devices }: Plan, tensors: number): number {
  if (parallel.zeroStage < 3) return script;
  const frozen = adapter ? tensorsOfBlock * (shape?.layers ?? 0) + tensorsBeside : 0;
  return script + devices * (tensors + frozen) * shapeRecord;
}
