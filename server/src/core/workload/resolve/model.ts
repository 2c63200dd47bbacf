import type { Catalog } from '../../catalog/catalog.ts';
import { formatInName } from '../../catalog/format-in-name.ts';
import { parametersFromName } from '../../catalog/model-name.ts';
import type { FactName } from '../../facts/vocabulary.ts';
import type { Architecture, TransformerShape } from '../architecture.ts';
import { assumed, exact, type Known, unknown } from '../known.ts';
import type { AdapterSpec, ModelSpec, Precision } from '../spec.ts';
import type { FactView } from './fact-view.ts';
import { precisionOf, quantizationOf } from './words.ts';

/** What is trained or served: by explicit dimensions, by the table, or by the size in the name, in that order. */
export function resolveModel(facts: FactView, catalog: Catalog): ModelSpec {
  const naming = (['model.name', 'model.path', 'model.arch', 'model.builder', 'model.family'] as const).find(
    (name) => facts.get(name) !== undefined,
  );
  const name: Known<string> = naming ? (facts.known(naming) as Known<string>) : facts.known('model.name');
  const word = naming === undefined ? undefined : String(facts.get(naming));
  const size = facts.get('model.size');
  const entry = lookUp(catalog, word, size);
  const explicit = explicitShape(facts, entry?.architecture);
  const trained = trainedParameters(facts);
  const stated = trained ? facts.maybe('model.trainable_params') : facts.maybe('model.num_params');
  const quantization = quantizationOf(facts.get('quantization.method'), facts.get('quantization.bits'));
  const packed = quantization === undefined ? packedName(facts, word) : undefined;
  const shared = {
    name,
    ...(trained ? { frozenParameters: facts.from(trained.frozen, 'model.num_params') } : {}),
    ...(quantization ? { quantization: facts.from(quantization, 'quantization.bits', 'quantization.method') } : {}),
    ...(packed ? { quantization: assumed(packed, 'format-in-name') } : {}),
  };
  if (explicit) {
    const origin = facts.from(explicit, ...dimensionFacts);
    return {
      ...shared,
      architecture: origin,
      ...(guessesWidth(facts, entry?.architecture) ? { guessedWidth: true } : {}),
      parameters: stated ?? unknown('counted from the dimensions'),
    };
  }
  if (entry) {
    const origin = { kind: 'table', table: 'models', row: entry.id, source: entry.source } as const;
    return {
      ...shared,
      architecture: entry.architecture
        ? exact(entry.architecture, origin)
        : unknown(`${entry.id}: dimensions not known`),
      // A part that is in no count of the program's own stands in the table.
      parameters: stated && stated.kind !== 'unknown' ? stated : entry.parameters,
      ...(entry.activeParameters === undefined ? {} : { activeParameters: exact(entry.activeParameters, origin) }),
    };
  }
  const said = `${word ?? ''} ${size ?? ''}`.trim().replace(/ /g, '-');
  const parameters: Known<number> = stated ?? (said === '' ? unknown('no model is named') : parametersFromName(said));
  return { ...shared, architecture: unknown(`${word ?? 'the model'} is in no table`), parameters };
}

/**
 * Format of a frozen base whose name says that it is stored packed ("-AWQ", "-bnb-4bit"): adapters are trained on it as it is. Formats
 * that matmuls run in (fp8, fp4) are widened for training.
 */
function packedName(facts: FactView, word: string | undefined): Precision | undefined {
  const adapts = facts.get('peft.method') !== undefined && facts.get('peft.method') !== 'none';
  const named = adapts && word !== undefined ? formatInName(word)?.precision : undefined;
  return named === 'int4' || named === 'int8' || named === 'nf4' ? named : undefined;
}

/** The part of a model that is frozen, where the program builds and counts it and trains only the rest. */
function trainedParameters(facts: FactView): { readonly frozen: number } | undefined {
  const whole = facts.get('model.num_params');
  const trained = facts.get('model.trainable_params');
  return whole !== undefined && trained !== undefined && trained < whole ? { frozen: whole - trained } : undefined;
}

function lookUp(catalog: Catalog, word: string | undefined, size: string | undefined) {
  if (word === undefined) return undefined;
  const direct = catalog.model(word);
  if (direct || size === undefined) return direct;
  return catalog.model(`${word}-${size}`) ?? catalog.model(`${word}_${size}`) ?? catalog.model(`${word}${size}`);
}

const dimensionFacts: readonly FactName[] = ['model.hidden_size', 'model.num_layers', 'model.num_heads'];

/** Whether the width that most of a model's weights lie in is neither stated nor known from its base. */
function guessesWidth(facts: FactView, base: Architecture | undefined): boolean {
  const like = base && base.kind !== 'vision' ? base.feedForward : undefined;
  const mixture = (facts.get('model.num_experts') ?? 1) > 1;
  // Four times the hidden size is the rule of GPT's code.
  if (!mixture && (facts.stack === 'nanogpt' || facts.stack === 'megatron')) return false;
  if (mixture && (facts.get('model.moe_ffn_hidden_size') !== undefined || like?.experts !== undefined)) return false;
  return facts.get('model.ffn_hidden_size') === undefined && like === undefined;
}

/** A transformer from dimensions that the files spell out; what they leave open is as in the base, else as usual today. */
function explicitShape(facts: FactView, base: Architecture | undefined): TransformerShape | undefined {
  const like = base && base.kind !== 'vision' ? base : undefined;
  if (!dimensionFacts.some((name) => facts.get(name) !== undefined)) return undefined;
  const hidden = facts.get('model.hidden_size') ?? like?.hidden;
  const layers = facts.get('model.num_layers') ?? like?.layers;
  if (hidden === undefined || layers === undefined || !(hidden > 0) || !(layers > 0)) return undefined;
  const heads = facts.get('model.num_heads') ?? like?.attention.heads ?? Math.max(1, Math.round(hidden / 128));
  const gpt = facts.stack === 'nanogpt' || facts.stack === 'megatron';
  const experts = facts.get('model.num_experts');
  const width = facts.get('model.ffn_hidden_size') ?? like?.feedForward.width ?? 4 * hidden;
  const positions = facts.get('model.max_position_embeddings') ?? facts.get('data.seq_len') ?? like?.maximumPosition;
  return {
    family: like?.family ?? 'stated',
    kind: like?.kind ?? 'decoder',
    hidden,
    layers,
    ...(like?.decoderLayers === undefined ? {} : { decoderLayers: like.decoderLayers }),
    attention: {
      // Layers that keep a state are the base's where they are as wide.
      ...(like?.attention.state && like.hidden === hidden ? like.attention : {}),
      kind: 'full',
      heads,
      kvHeads: facts.get('model.num_kv_heads') ?? like?.attention.kvHeads ?? heads,
      headDim: facts.get('model.head_dim') ?? like?.attention.headDim ?? hidden / heads,
    },
    feedForward: {
      ...(like?.feedForward.share === undefined ? {} : { share: like.feedForward.share }),
      width,
      gated: like?.feedForward.gated ?? !gpt,
      ...(experts !== undefined && experts > 1
        ? {
            experts: {
              count: experts,
              perToken: facts.get('model.experts_per_token') ?? 2,
              width: facts.get('model.moe_ffn_hidden_size') ?? like?.feedForward.experts?.width ?? width,
              sharedWidth: facts.get('model.moe_shared_hidden_size') ?? like?.feedForward.experts?.sharedWidth ?? 0,
              denseLayers: 0,
              step: 1,
            },
          }
        : {}),
    },
    // GPT-2's vocabulary as Megatron and nanoGPT pad it, where no file states one.
    vocabulary: facts.get('model.vocab_size') ?? like?.vocabulary ?? 50304,
    tiedEmbeddings: facts.get('model.tie_embeddings') ?? like?.tiedEmbeddings ?? gpt,
    learnedPositions: like?.learnedPositions ?? (gpt ? (positions ?? 0) : 0),
    norm: like?.norm ?? (gpt ? 'layer' : 'rms'),
    normsPerLayer: like?.normsPerLayer ?? 2,
    finalNorm: like?.finalNorm ?? true,
    embeddingNorm: like?.embeddingNorm ?? false,
    bias: like?.bias ?? { qkv: gpt, out: gpt, feedForward: gpt, head: false },
    ...(positions === undefined ? {} : { maximumPosition: positions }),
  };
}

/** Names of plain low-rank adapters; others that end so are methods of their own. */
const plainLora = /^(?:q|rs|qa|long)?lora$/i;

/** Adapters, where the files switch them on. */
export function resolveAdapter(facts: FactView): AdapterSpec | undefined {
  const method = facts.get('peft.method');
  if (method === 'full' || method === 'freeze') return undefined;
  // Axolotl trains all weights where no adapter is named, whatever its rank.
  const ranked = facts.get('lora.r') !== undefined && facts.stack !== 'axolotl';
  const low = method !== undefined || ranked;
  if (!low) return undefined;
  const targets = facts.get('lora.target_modules');
  const pruned = facts.get('lora.init_r') !== undefined;
  const tokens = facts.maybe('lora.virtual_tokens');
  return {
    rank: facts.known(pruned ? 'lora.init_r' : 'lora.r'),
    ...(pruned ? { keptRank: facts.known('lora.r') } : {}),
    ...(tokens ? { virtualTokens: tokens } : {}),
    targets:
      targets === undefined
        ? (facts.known('lora.target_modules') as Known<never>)
        : facts.from([targets].flat(), 'lora.target_modules'),
    ...(method !== undefined && !plainLora.test(method) ? { method: facts.from(method, 'peft.method') } : {}),
    ...(method === 'dora' ? { decomposed: facts.from(true, 'peft.method') } : {}),
  };
}

/** Format in which the files load the weights, where they say so. */
export function loadedPrecision(facts: FactView) {
  return precisionOf(facts.get('model.dtype'));
}
