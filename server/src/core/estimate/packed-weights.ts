import type { Precision } from '../workload/spec.ts';
import type { DeviceRates } from './compute-rates.ts';
import { minorRelease } from './engines.ts';
import type { ServingPlan } from './plan.ts';

/** What reading narrow weights depends on: their format, who packed them, and the engine that multiplies them. */
export type PackedWeights = Pick<ServingPlan, 'engine' | 'engineVersion' | 'weightMethod'> & {
  readonly format: Precision;
  /** Whether the engine records its steps; plain loops launch every linear by themselves. */
  readonly recorded: boolean;
};

/** Host seconds that one four-bit linear of bitsandbytes takes over a plain one (litgpt's tables: 0.5 ms a layer). */
export const packedCall = 8e-5;

/**
 * Seconds of one frozen linear and pass over a plain one in bitsandbytes' eight bits (`LLM.int8`): inputs are scaled, their outliers
 * looked for and taken out, and the host waits for what it finds. Runs of alpaca-lora and its kin took 1 to 3 ms over their
 * products, on H100, 3090, 4090 and 12 GB cards.
 */
export const outlierCall = 1e-3;

/**
 * Host seconds of one linear over a plain one in a loop of transformers (Qwen2's, Qwen2.5's and Qwen3's speed tables, a prompt of
 * one token): AutoAWQ 0.2.4 and 0.2.6 take 35 us, other releases of it none; AutoGPTQ's kernel of eight bits 33 us, GPTQModel's
 * 100; transformers' own fp8 of blocks, whose inputs are scaled first, 110. AutoGPTQ's kernel of four bits takes none.
 */
const eagerCalls = { awq: 2e-5, gptq8: 3.3e-5, gptqModel8: 1e-4, fp8: 1.1e-4 } as const;

/** Release of transformers that GPTQModel came with. */
const gptqModelSince = 4.48;

/** Host seconds that one linear of these weights takes over a plain one. */
export function packedCallSeconds(weights: PackedWeights): number {
  const { format, weightMethod, engine, engineVersion } = weights;
  if (weights.recorded) return 0;
  if (format === 'nf4' || format === 'fp4') return packedCall;
  if (engine !== 'transformers') return 0;
  if (format === 'fp8') return eagerCalls.fp8;
  if (weightMethod === 'awq') return eagerCalls.awq;
  if (weightMethod !== 'gptq' || format !== 'int8') return 0;
  const release = Number(/^\d+\.\d+/.exec(engineVersion ?? '')?.[0] ?? 0);
  return release >= gptqModelSince ? eagerCalls.gptqModel8 : eagerCalls.gptq8;
}

/**
 * Bytes per second that one multiprocessor of Hopper streams through Marlin, whose loads were written for Ampere: 10 to 11e9 at
 * four bits and at eight, where plain products reach twice that (Qwen3's table, H20 with 78 multiprocessors).
 */
const marlinStream = 10.5e9;

/**
 * Vector operations that unpacking one weight takes in the kernels before Marlin (AWQ's own, ExLlama's in AutoGPTQ): 15 to 23 on
 * A100 (Qwen2's table: vLLM 0.4.2 with AWQ at 7B and 72B, AutoGPTQ at 72B).
 */
const unpackOperations = 20;

/** Bytes per second that transformers' fp8 kernel of blocks reads: its loop over a row of blocks waits for every load. */
const blockKernelRate = 2e11;

/** Minor release of vLLM from which AWQ's weights pass Marlin's kernel (0.5.4). */
const awqMarlinSince = 5;

/**
 * Bytes per second at which a step of few rows reads packed weights, of the `rate` at which it reads plain ones.
 * `element`: bytes of one weight.
 */
export function packedRate(weights: PackedWeights, rates: DeviceRates, rate: number, element: number): number {
  const { format, weightMethod, engine, recorded } = weights;
  if (format === 'fp8' && !recorded && engine === 'transformers') return Math.min(rate, blockKernelRate);
  if (weightMethod === undefined || (format !== 'int4' && format !== 'int8')) return rate;
  if (unpacksFirst(weights, rates)) return Math.min(rate, (element * rates.vector) / unpackOperations);
  if (recorded && rates.generation === 'hopper') return Math.min(rate, multiprocessors(rates) * marlinStream);
  return rate;
}

/** Whether the kernels unpack a weight with vector operations of their own. */
function unpacksFirst({ format, weightMethod, engine, engineVersion, recorded }: PackedWeights, rates: DeviceRates) {
  if (format !== 'int4') return false;
  if (!recorded) return engine === 'transformers';
  const old = rates.generation === 'volta' || rates.generation === 'turing';
  const minor = minorRelease(engineVersion);
  return weightMethod === 'awq' && /vllm/i.test(engine) && (old || (minor !== undefined && minor < awqMarlinSince));
}

/** Vector FLOP/s of one multiprocessor of Hopper: 128 lanes of two at 1.98 GHz. */
const multiprocessorRate = 256 * 1.98e9;

/** Multiprocessors of a device of Hopper's kind, by its vector rate. */
export function multiprocessors(rates: DeviceRates): number {
  return rates.vector / multiprocessorRate;
}
