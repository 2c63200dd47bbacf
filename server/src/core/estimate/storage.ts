import { exactly, type Interval, interval, widen } from '../units/interval.ts';
import { type Bytes, bytes } from '../units/quantity.ts';
import { adapterSaveBytes, savedTensors } from './adapter-save.ts';
import { besideEngineSave, deepspeedSave, savesByDeepspeed } from './deepspeed-save.ts';
import type { StorageEstimate } from './estimate.ts';
import { momentsOf, stateBytesPerParameter } from './optimizer-states.ts';
import { bytesPerElement, type Plan, type Points } from './plan.ts';
import { spread } from './spread.ts';
import { quantizedWidth } from './weights.ts';

/** Header of a safetensors file: name, shape and offsets of each tensor, about 130 characters a tensor. */
const headerBytes = 130;
/** Record of one tensor in what `torch.save` writes, with its alignment: 275 bytes in the files of `test/lifecycle/saves.test.ts`. */
const recordBytes = 275;
/** What a trainer writes beside its states: states of random numbers, arguments and settings, 14.5, 5 and some KB. */
const smallFiles = 20_000;
/** Tensors of a block and of the rest of a model: seven linears and two norms; embedding, head and last norm. */
const tensorsOfBlock = 9;
const tensorsBeside = 3;
/** Relative half width of what padding, shared tensors and small files leave open. */
const saveSpread = 0.01;

/** Bytes of the weights that one save writes: adapters alone where the base is frozen. */
export function savedWeightBytes(plan: Plan): number {
  if (savesByDeepspeed(plan)) return deepspeedSave(plan).weights;
  const { adapter, counts, precision, quantization } = plan;
  const own = bytesPerElement[precision.parameters];
  if (adapter) return adapterSaveBytes(plan);
  if (quantization === undefined) return own * plan.parameters;
  const narrow = counts.attention + counts.feedForward + counts.experts;
  return quantizedWidth(quantization, plan.doubleQuantization) * narrow + 2 * (plan.parameters - narrow);
}

/** Bytes of optimiser states and master weights that one save writes where it keeps them. */
export function savedStateBytes(plan: Plan): number {
  if (savesByDeepspeed(plan)) return deepspeedSave(plan).states;
  const { optimizer, precision } = plan;
  if (momentsOf(optimizer.name).count === 0) return 0;
  const modules = plan.adapter?.savedModules ?? 0;
  const masters = precision.masterWeights && !plan.adapter ? 4 : 0;
  return (
    (plan.trainable - modules) * (stateBytesPerParameter(plan) + masters) +
    modules * stateBytesPerParameter(plan, precision.parameters)
  );
}

/** Bytes beside the tensors themselves: headers, records and small files. */
function bytesBeside(plan: Plan): number {
  const { adapter, shape, checkpoint } = plan;
  const layers = shape?.layers ?? 0;
  const tensors = adapter ? savedTensors(plan) : tensorsOfBlock * layers + tensorsBeside;
  // Two moments and a step of each.
  const ofEngine = savesByDeepspeed(plan) && checkpoint.savesOptimizer ? besideEngineSave(plan, tensors) : 0;
  const states = checkpoint.savesOptimizer ? tensors * 3 * recordBytes + smallFiles : 0;
  return tensors * headerBytes + states + ofEngine;
}

/** Bytes that one save writes, at one plan. */
export function saveBytes(plan: Plan): Bytes {
  const states = plan.checkpoint.savesOptimizer ? savedStateBytes(plan) : 0;
  return bytes(savedWeightBytes(plan) + states + bytesBeside(plan));
}

/** Checkpoint storage of the run; `steps` are the optimiser steps of the run where they are known. */
export function estimateStorage(points: Points, steps: Interval | undefined): StorageEstimate | undefined {
  const { checkpoint } = points.likely;
  if (!checkpoint.enabled) return undefined;
  const perSave = widen(spread(points, saveBytes) ?? exactly(saveBytes(points.likely)), saveSpread);
  const every = checkpoint.everySteps;
  if (every === undefined || every <= 0 || !steps) return { perSave };
  const saves = interval(
    Math.max(1, Math.floor(steps.low / every)),
    Math.max(1, Math.floor(steps.likely / every)),
    Math.max(1, Math.floor(steps.high / every)),
  );
  const held = (count: number) => Math.min(count, checkpoint.keep ?? count);
  const kept = interval(
    bytes(perSave.low * held(saves.low)),
    bytes(perSave.likely * held(saves.likely)),
    bytes(perSave.high * held(saves.high)),
  );
  return { perSave, saves, kept };
}
