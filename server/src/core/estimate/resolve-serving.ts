import type { Accelerator } from '../catalog/accelerator.ts';
import { bytesPerGiB } from '../units/quantity.ts';
import { type Known, likely } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import { capacityOf } from './device-memory.ts';
import { batchedTokensByDefault, reserveOf, sequencesByDefault, vllmShare } from './engine-reserve.ts';
import type { ServingPlan } from './plan.ts';

/** Rank of vLLM's adapter slots where nothing states it, and the highest that is common. */
const defaultAdapterRank = 16;
const mostAdapterRank = 64;

const mebibyte = 2 ** 20;

/**
 * Share of the device that SGLang gives to weights and cache together where nothing states it: it sets 1.5 MiB a
 * token of its prefill chunk aside, 2 MiB a sequence of its largest graph and 1 GiB for every eight ranks (server_args).
 */
function staticShare(memory: number, ranks: number): number {
  const size = memory / bytesPerGiB;
  const chunk = size < 35 ? 2048 : size < 60 ? 4096 : size < 160 ? 8192 : 16384;
  const wide = ranks >= 4;
  const graph = size < 20 ? 8 : size < 35 ? (wide ? 80 : 24) : size < 60 ? (wide ? 160 : 32) : wide ? 512 : 256;
  return Math.max(0.5, 1 - ((1.5 * chunk + 2 * graph + 128 * ranks) * mebibyte) / memory);
}

function utilizationByDefault(spec: WorkloadSpec, accelerator: Accelerator | undefined): number {
  if (likely(spec.serving?.engine ?? unknownEngine) !== 'sglang' || !accelerator) return vllmShare;
  const { tensorParallel, pipelineParallel } = spec.parallelism;
  return staticShare(capacityOf(accelerator), (likely(tensorParallel) ?? 1) * (likely(pipelineParallel) ?? 1));
}

/** Ranks of all adapter slots together, `rank` where none is stated. */
function adapterRanks({ adapterRank, adapterSlots }: NonNullable<WorkloadSpec['serving']>, rank: number): number {
  if (!adapterRank) return 0;
  return (likely(adapterRank) ?? rank) * ((adapterSlots && likely(adapterSlots)) ?? 1);
}

const unknownEngine: Known<string> = { kind: 'unknown', reason: 'no engine' };

/**
 * The serving part of a plan: what files state, else what the engine takes by itself on this accelerator.
 * `maximum` is the model's own context in tokens. Nothing for work that does not serve.
 */
export function servingPlan(
  spec: WorkloadSpec,
  maximum: number,
  accelerator: Accelerator | undefined,
): ServingPlan | undefined {
  const { serving } = spec;
  if (!serving) return undefined;
  const optional = <K extends string>(key: K, known: Known<number> | undefined) => {
    const value = known ? likely(known) : undefined;
    return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: number };
  };
  const weightPrecision = likely(serving.weightPrecision) ?? 'bf16';
  const version = serving.engineVersion && likely(serving.engineVersion);
  const method = serving.weightMethod && likely(serving.weightMethod);
  return {
    engine: likely(serving.engine) ?? 'vllm',
    ...(version === undefined ? {} : { engineVersion: version }),
    maximumLength: likely(serving.maximumLength) ?? maximum,
    maximumSequences:
      likely(serving.maximumSequences) ?? sequencesByDefault(likely(serving.engine) ?? 'vllm', accelerator, version),
    maximumBatchedTokens:
      (serving.maximumBatchedTokens && likely(serving.maximumBatchedTokens)) ??
      batchedTokensByDefault(likely(serving.engine) ?? 'vllm', accelerator),
    memoryUtilization: likely(serving.memoryUtilization) ?? utilizationByDefault(spec, accelerator),
    kvPrecision: likely(serving.kvPrecision) ?? 'bf16',
    weightPrecision,
    ...(method === undefined ? {} : { weightMethod: method }),
    replicas: likely(serving.replicas) ?? 1,
    adapterRanks: adapterRanks(serving, defaultAdapterRank),
    mostAdapterRanks: adapterRanks(serving, mostAdapterRank),
    reserve: reserveOf(likely(serving.engine) ?? 'vllm', version, pcieOnly(accelerator)),
    ...(serving.prefixCaching && likely(serving.prefixCaching) === true ? { prefixCaching: true } : {}),
    ...optional('weightBits', serving.weightBits),
    ...optional('cacheLength', serving.cacheLength),
    ...(serving.squareMask && likely(serving.squareMask) === true ? { squareMask: true } : {}),
    ...optional('statedLength', serving.maximumLength),
    ...optional('statedSequences', serving.maximumSequences),
    ...optional('inputLength', serving.inputLength),
    ...optional('outputLength', serving.outputLength),
    ...optional('concurrency', serving.concurrency),
  };
}

/** Cards that no link but PCIe joins. */
function pcieOnly(accelerator: Accelerator | undefined): boolean {
  return accelerator !== undefined && /pcie/i.test(accelerator.interconnect ?? '');
}
