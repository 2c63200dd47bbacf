import type { Origin } from '../source/traced.ts';
import { type Interval, interval, widenBy } from '../units/interval.ts';
import { type Bytes, bytes } from '../units/quantity.ts';
import { calibrate, type OwnRun } from './calibration.ts';
import { capacityOf } from './device-memory.ts';
import type { MemoryEstimate, MemoryPart, MemoryTerm } from './estimate.ts';
import { allocatorSlack, contextBytes } from './overhead.ts';
import { unsyncedGradients } from './persistent.ts';
import { type Moment, peakOfStep } from './phases.ts';
import type { Plan, Points } from './plan.ts';
import { fillsDevice, growthSlack, servingMoment } from './serving-memory.ts';
import { spread } from './spread.ts';

/** Memory of the fullest device at one plan, in bytes. */
export interface MemoryPoint {
  readonly moment: Moment;
  readonly allocated: number;
  readonly reserved: number;
  readonly device: number;
}

/** Peak over the moments of a step, or one moment given, and what allocator and driver add. */
export function memoryPoint(
  plan: Plan,
  moment: Moment = plan.serving ? servingMoment(plan) : peakOfStep(plan),
): MemoryPoint {
  const allocated = moment.bytes;
  const slack = plan.serving ? growthSlack(plan, moment) : allocatorSlack(plan) * (moment.bytes - moment.lasting);
  const reserved = allocated + slack;
  return { moment, allocated, reserved, device: reserved + contextBytes(plan) };
}

/** The field of the spec that decides a part, for links from rows to lines. */
export type PartOrigins = Partial<Record<MemoryPart, Origin>>;

/** Memory of the fullest device over the points of a spec. */
export function estimateMemory(
  points: Points,
  origins: PartOrigins = {},
  runs: readonly OwnRun[] = [],
): MemoryEstimate {
  const { likely } = points;
  const point = memoryPoint(likely);
  const open = modelError(likely, point);
  const { factor, spread: left } = calibrate(runs, likely, 'memory', open.above);
  const error = { below: (open.below * left) / open.above, above: left };
  const at = new Map<Plan, MemoryPoint>([[likely, point]]);
  for (const { plan } of points.variants) at.set(plan, memoryPoint(plan));
  const figure = (key: 'allocated' | 'reserved' | 'device'): Interval<Bytes> => {
    const value = spread(points, (plan): Bytes => bytes(factor * (at.get(plan) ?? point)[key]));
    return value ? widenBy(value, error.below, error.above) : interval(bytes(0), bytes(0), bytes(0));
  };
  const device = figure('device');
  const capacity = likely.accelerator ? capacityOf(likely.accelerator) : undefined;
  return {
    phase: point.moment.phase,
    terms: termsOf(likely, point, device, origins, factor),
    allocated: figure('allocated'),
    reserved: figure('reserved'),
    device,
    ...(capacity === undefined ? {} : { capacity }),
    fits: fitsIn(device, capacity),
  };
}

/** Relative half widths of the 80 % interval that the formulas themselves leave, by how well the code is known. */
export function modelError(plan: Plan, point: MemoryPoint): { readonly below: number; readonly above: number } {
  if (plan.serving) return { below: servingError, above: fillsDevice(plan) ? servingError : loopError };
  const error = plan.devices > 1 ? shardedError : singleError;
  // Samples of unknown lengths: the longest batch may be far shorter than the limit says, never longer.
  const varying = !plan.packed && plan.task !== 'vision' && plan.task !== 'diffusion' && plan.sequenceLength > 1024;
  const moving = (point.moment.bytes - point.moment.lasting) / point.moment.bytes;
  const above = plan.stack === 'other' ? Math.hypot(error, unknownCode) : error;
  return { below: varying ? Math.hypot(error, shorterBatches * moving) : error, above };
}

/** Between what holds 80 % of the first published runs, once the inputs are right (0.12 and 0.2), and of those collected later. */
const singleError = 0.15;
const shardedError = 0.25;
const servingError = 0.05;
/** Generation loops of older releases keep the cache twice, and copies of tied heads (Qwen1.5 and Qwen2 under transformers 4.37: 14 to 20 %). */
const loopError = 0.15;
/** Code that we do not know keeps more than the leanest that does the same: fp32 residuals, fp32 gradients (InternEvo, nanotron, fsdp_qlora: 20 to 40 %). */
const unknownCode = 0.35;
/** Share of what comes and goes that shorter batches may leave away. */
const shorterBatches = 0.5;

/** `no` only where even the low end is too much; `tight` where the high end is. */
export function fitsIn(device: Interval<Bytes>, capacity: Bytes | undefined): MemoryEstimate['fits'] {
  if (capacity === undefined) return 'unknown';
  if (device.low > capacity) return 'no';
  return device.high > capacity ? 'tight' : 'yes';
}

const labels: Readonly<Record<MemoryPart, string>> = {
  weights: 'weights',
  'master-weights': 'fp32 master weights',
  gradients: 'gradients',
  optimizer: 'optimizer states',
  activations: 'activations',
  logits: 'logits and loss',
  buffers: 'gathered weights and buffers',
  adapter: 'adapters',
  'reference-model': 'reference model',
  'weight-average': 'average of weights',
  'rollout-engine': 'generation engine',
  'kv-cache': 'KV cache',
  context: 'CUDA context and communicators',
  fragmentation: 'allocator slack',
};

/** A row's words, with the number format or the optimiser where that decides the size. */
export function labelOfPart(part: MemoryPart, plan: Plan): string {
  switch (part) {
    case 'weights':
      return plan.serving?.weightBits === undefined
        ? `${labels[part]} ${plan.serving?.weightPrecision ?? plan.quantization ?? plan.precision.parameters}`
        : `${labels[part]} ${plan.serving.weightBits} bits`;
    case 'gradients':
      return unsyncedGradients(plan)
        ? `${labels[part]}, whole until the last micro-batch`
        : `${labels[part]} ${plan.adapter?.precision ?? plan.precision.gradients}`;
    case 'optimizer':
      return `${labels[part]} (${plan.optimizer.name})`;
    case 'reference-model':
      return besideModel(plan);
    case 'kv-cache':
      return `${labels[part]} ${plan.serving?.kvPrecision ?? ''}`.trim();
    default:
      return labels[part];
  }
}

/** The models beside the trained one, as reinforcement learning has them. */
function besideModel({ referenceModel, rewardParameters, valueParameters }: Plan): string {
  const found = [referenceModel && 'reference', rewardParameters && 'reward', valueParameters && 'value'].filter(
    Boolean,
  );
  return found.length > 1
    ? `${found.slice(0, -1).join(', ')} and ${found.at(-1)} models`
    : `${found[0] ?? 'reference'} model`;
}

/** Rows that add up to the device's figure, each with the relative width of the whole. */
function termsOf(
  plan: Plan,
  point: MemoryPoint,
  device: Interval<Bytes>,
  origins: PartOrigins,
  factor: number,
): readonly MemoryTerm[] {
  const parts: [MemoryPart, number][] = Object.entries(point.moment.parts) as [MemoryPart, number][];
  parts.push(['fragmentation', point.reserved - point.allocated], ['context', point.device - point.reserved]);
  const low = device.low / device.likely;
  const high = device.high / device.likely;
  return parts
    .filter(([, value]) => value > 0)
    .map(([part, uncorrected]) => {
      const value = uncorrected * factor;
      const origin = origins[part];
      const size = interval(bytes(value * low), bytes(value), bytes(value * high));
      return { part, label: labelOfPart(part, plan), bytes: size, ...(origin ? { origin } : {}) };
    });
}
