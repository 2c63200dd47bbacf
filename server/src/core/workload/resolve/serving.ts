import type { Catalog } from '../../catalog/catalog.ts';
import { formatInName } from '../../catalog/format-in-name.ts';
import { isTransformer } from '../architecture.ts';
import { assumed, type Known, likely, unknown } from '../known.ts';
import type { ModelSpec, Precision, ServingSpec } from '../spec.ts';
import { usualBits } from '../weight-bits.ts';
import { sizeOf } from './companions.ts';
import type { FactView } from './fact-view.ts';
import { packerOf, precisionOf, quantizationOf } from './words.ts';

/**
 * Families whose public checkpoints are fp8 in blocks, which engines load as they are (the model cards of DeepSeek-V3 and
 * Kimi-K2): taken where the files state no format.
 */
const publishedInFp8 = new Set(['deepseek_v3', 'deepseek_v32', 'kimi_k2', 'kimi_k25']);

function publishedFormat(model: ModelSpec): Known<Precision> {
  const named = formatInName(likely(model.name) ?? '');
  if (named) return assumed<Precision>(named.precision, 'format-in-name');
  const shape = likely(model.architecture);
  return shape && isTransformer(shape) && publishedInFp8.has(shape.family)
    ? assumed<Precision>('fp8', 'published-format')
    : unknown('as the checkpoint is');
}

/** True for a job that answers requests: a serving engine or manifest, and nothing that trains. */
export function serves(facts: FactView): boolean {
  const trains = facts.get('optimizer.lr') !== undefined || facts.get('training.per_device_batch_size') !== undefined;
  const manifest = facts.workload.readings.some((reading) => reading.role === 'serving');
  return !trains && (facts.get('serving.engine') !== undefined || manifest);
}

/** Images of engines, whose tag is the engine's release. */
const engineImages: Readonly<Record<string, RegExp>> = {
  vllm: /(?:^|\/)vllm[\w-]*:v?(\d+\.\d+[\w.]*)/i,
  sglang: /(?:^|\/)sglang[\w-]*:v?(\d+\.\d+[\w.]*)/i,
  tgi: /(?:^|\/)text-generation-inference:v?(\d+\.\d+[\w.]*)/i,
};

/** The engine's release as the tag of its image tells it ("vllm/vllm-openai:v0.6.3"). */
function releaseOf(facts: FactView): Pick<ServingSpec, 'engineVersion'> {
  const tag = engineImages[facts.get('serving.engine') ?? '']?.exec(facts.get('job.image') ?? '')?.[1];
  return tag === undefined ? {} : { engineVersion: facts.from(tag, 'job.image') };
}

/** Drafts of one layer on top of the model, and drafts without weights. */
const lightDrafts = /eagle|medusa|mtp|hydra|nextn/i;
const wordDrafts = /n-?gram|suffix|lookup/i;

/** What drafts tokens ahead of the model, where something does. */
function speculationOf(facts: FactView, catalog: Catalog): Pick<ServingSpec, 'speculation'> {
  const draft = facts.get('serving.draft_model');
  const method = facts.get('serving.speculative_method');
  const tokens = facts.maybe('serving.speculative_tokens');
  if (draft === undefined && method === undefined && tokens === undefined) return {};
  const said = `${method ?? ''} ${draft ?? ''}`;
  const kind = wordDrafts.test(said) ? 'words' : lightDrafts.test(said) || draft === undefined ? 'layer' : 'model';
  const size = kind === 'model' ? sizeOf(facts, catalog, 'serving.draft_model') : undefined;
  return {
    speculation: {
      kind,
      tokens: tokens ?? unknown('the drafted tokens are not stated'),
      ...(size === undefined ? {} : { parameters: facts.from(size, 'serving.draft_model') }),
    },
  };
}

/** Bits of a weight where the engine reads GGUF files, whose formats mix widths: the usual one of the bits that the file's name tells. */
function mixedWidths(facts: FactView): Pick<ServingSpec, 'weightBits'> {
  const bits = facts.get('quantization.bits');
  if (facts.get('serving.engine') !== 'llama.cpp' || bits === undefined) return {};
  return { weightBits: facts.from(usualBits(bits), 'quantization.bits') };
}

/** Who packed the weights, where that decides which kernels read them. */
function packedBy(facts: FactView, model: ModelSpec): Pick<ServingSpec, 'weightMethod'> {
  const stated = packerOf(facts.get('quantization.method'));
  if (stated) return { weightMethod: facts.from(stated, 'quantization.method') };
  const named = formatInName(likely(model.name) ?? '')?.method;
  return named === undefined ? {} : { weightMethod: assumed(named, 'format-in-name') };
}

/** The engine's settings; undefined where the job serves nothing. */
export function resolveServing(facts: FactView, model: ModelSpec, catalog: Catalog): ServingSpec | undefined {
  if (!serves(facts)) return undefined;
  const quantized = quantizationOf(facts.get('quantization.method'), facts.get('quantization.bits'));
  // The type of the activations says nothing about weights that are stored narrow.
  const wide = formatInName(likely(model.name) ?? '') === undefined;
  const weights = quantized ?? (wide ? precisionOf(facts.get('serving.dtype') ?? facts.get('model.dtype')) : undefined);
  const kv = precisionOf(facts.get('serving.kv_dtype'));
  const known = (value: Precision | undefined, ...names: Parameters<FactView['from']>[1][]): Known<Precision> =>
    value === undefined ? unknown('as the checkpoint is') : facts.from(value, ...names);
  const batched = facts.get('serving.max_batched_tokens');
  const replicas = facts.get('serving.replicas') ?? facts.get('serving.min_replicas');
  return {
    engine: facts.known('serving.engine'),
    ...releaseOf(facts),
    ...speculationOf(facts, catalog),
    ...(facts.get('serving.prefix_caching') === undefined
      ? {}
      : { prefixCaching: facts.known('serving.prefix_caching') }),
    maximumLength: facts.known('serving.max_model_len'),
    maximumSequences:
      facts.get('serving.max_num_seqs') === undefined
        ? facts.known('serving.max_batch_size')
        : facts.known('serving.max_num_seqs'),
    ...(batched === undefined ? {} : { maximumBatchedTokens: facts.known('serving.max_batched_tokens') }),
    ...(facts.get('serving.max_lora_rank') === undefined && facts.get('serving.max_loras') === undefined
      ? {}
      : { adapterRank: facts.known('serving.max_lora_rank'), adapterSlots: facts.known('serving.max_loras') }),
    memoryUtilization: facts.known('serving.gpu_memory_utilization'),
    kvPrecision: known(kv, 'serving.kv_dtype'),
    weightPrecision:
      weights === undefined
        ? publishedFormat(model)
        : known(weights, 'quantization.method', 'quantization.bits', 'serving.dtype', 'model.dtype'),
    ...packedBy(facts, model),
    ...mixedWidths(facts),
    replicas:
      replicas === undefined
        ? assumed(1, 'one-node')
        : facts.from(replicas, 'serving.replicas', 'serving.min_replicas'),
  };
}
