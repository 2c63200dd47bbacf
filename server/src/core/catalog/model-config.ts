import type { AttentionShape, FeedForwardShape, TransformerShape } from '../workload/architecture.ts';
import { type LayerCounts, layerCountsOf, stateOfConfig } from './config-state.ts';
import { compact } from './rows.ts';

/** Why a configuration gives no shape, in the user's words. */
export interface NoShape {
  readonly reason: string;
}

type Config = { readonly [key: string]: unknown };

/**
 * The blocks of a transformer from a Hugging Face `config.json`. Dimensions are the file's; what the file leaves at its
 * class's default (norms, biases, gating, tying) is as in the models of that `model_type` that our table knows.
 */
export function shapeOfConfig(
  config: unknown,
  familyShape: (family: string) => TransformerShape | undefined,
): TransformerShape | NoShape {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return { reason: 'is no JSON object' };
  const keys = config as Config;
  const family = keys['model_type'];
  if (typeof family !== 'string') return { reason: 'states no model_type' };
  if (keys['text_config'] !== undefined || keys['vision_config'] !== undefined)
    return { reason: 'is of a model of several parts, whose dimensions are not read' };
  const like = familyShape(family);
  if (like?.kind !== 'decoder') return { reason: `is of the type ${family}, whose blocks are not known` };
  const number = (...names: readonly string[]) =>
    positive(names.map((name) => keys[name]).find((value) => typeof value === 'number'));
  const hidden = number('hidden_size', 'n_embd', 'd_model');
  const stated = number('num_hidden_layers', 'n_layer', 'num_layers');
  const counts = like.attention.state ? layerCountsOf(keys, like, stated) : undefined;
  const layers = counts?.layers ?? stated;
  // Models that only keep a state have no heads of attention.
  const heads = like.attention.share === 0 ? 1 : number('num_attention_heads', 'n_head', 'num_heads');
  const vocabulary = number('vocab_size');
  if (!hidden || !layers || !heads || !vocabulary)
    return { reason: 'lacks its hidden size, layers, heads or vocabulary' };
  const maximumPosition = number('max_position_embeddings', 'n_positions', 'n_ctx');
  const tied = keys['tie_word_embeddings'];
  const attentionBias = keys['attention_bias'];
  const mlpBias = keys['mlp_bias'];
  return compact({
    ...like,
    family,
    hidden,
    layers,
    attention: compact({
      ...attentionOf(keys, like, hidden, heads, number),
      gated: like.attention.gated,
      ...(counts && { state: stateOfConfig(keys, like, hidden, counts), share: counts.attending / layers }),
    }),
    feedForward: feedForwardOf(like, hidden, number, counts),
    vocabulary,
    tiedEmbeddings: typeof tied === 'boolean' ? tied : like.tiedEmbeddings,
    learnedPositions: like.learnedPositions > 0 ? positionsOf(like, maximumPosition) : 0,
    bias: {
      ...like.bias,
      ...(typeof attentionBias === 'boolean' && { qkv: attentionBias, out: attentionBias }),
      ...(typeof mlpBias === 'boolean' && { feedForward: mlpBias }),
    },
    maximumPosition,
  });
}

/** Learned positions, with as many more than the longest text as the family has (OPT: two). */
function positionsOf(like: TransformerShape, maximum: number | undefined): number {
  const more = Math.max(0, like.learnedPositions - (like.maximumPosition ?? like.learnedPositions));
  return maximum === undefined ? like.learnedPositions : maximum + more;
}

type NumberOf = (...names: readonly string[]) => number | undefined;

function attentionOf(
  keys: Config,
  like: TransformerShape,
  hidden: number,
  heads: number,
  number: NumberOf,
): AttentionShape {
  const kvHeads = keys['multi_query'] === true ? 1 : (number('num_key_value_heads', 'num_kv_heads') ?? heads);
  const [kvRank, nopeDim, ropeDim, valueDim] = [
    number('kv_lora_rank'),
    number('qk_nope_head_dim'),
    number('qk_rope_head_dim'),
    number('v_head_dim'),
  ];
  const mla =
    kvRank && nopeDim && ropeDim && valueDim
      ? { qRank: number('q_lora_rank') ?? 0, kvRank, nopeDim, ropeDim, valueDim }
      : undefined;
  const window = keys['use_sliding_window'] === false ? undefined : number('sliding_window');
  const globalDim = number('global_head_dim');
  return compact({
    kind: mla ? ('mla' as const) : ('full' as const),
    heads,
    kvHeads,
    headDim: mla ? mla.nopeDim + mla.ropeDim : (number('head_dim') ?? Math.floor(hidden / heads)),
    window,
    windowShare: window === undefined ? undefined : windowShare(keys['layer_types'], like),
    global:
      window === undefined || globalDim === undefined
        ? undefined
        : {
            headDim: globalDim,
            kvHeads: number('num_global_key_value_heads') ?? kvHeads,
            sharedValues: keys['attention_k_eq_v'] === true,
          },
    qkNorm: like.attention.qkNorm,
    mla,
  });
}

/** Share of layers with the window: counted where the file lists its layers, else as in the family. */
function windowShare(layerTypes: unknown, like: TransformerShape): number | undefined {
  if (!Array.isArray(layerTypes) || layerTypes.length === 0) return like.attention.windowShare;
  return layerTypes.filter((one) => one === 'sliding_attention').length / layerTypes.length;
}

function feedForwardOf(
  like: TransformerShape,
  hidden: number,
  number: NumberOf,
  counts: LayerCounts | undefined,
): FeedForwardShape {
  const widened = counts && counts.widened < counts.layers ? counts.widened / counts.layers : undefined;
  if (widened === 0) return { width: 0, gated: like.feedForward.gated, share: 0 };
  const inner = number('intermediate_size', 'n_inner', 'ffn_dim', 'ffn_hidden_size', 'd_ff') ?? 4 * hidden;
  const count = number('num_local_experts', 'num_experts', 'n_routed_experts');
  const perToken = number('num_experts_per_tok', 'num_experts_per_token', 'moe_top_k');
  // Granite's hybrids call the dense part a shared expert.
  const shared = number('shared_intermediate_size');
  const width = count && perToken ? inner : (shared ?? inner);
  const latent = number('moe_latent_size');
  const expertWidth = number('moe_intermediate_size') ?? width;
  const sharedExperts = number('n_shared_experts', 'num_shared_experts') ?? 0;
  const experts =
    count && perToken
      ? {
          count,
          perToken,
          width: expertWidth,
          ...(latent === undefined ? {} : { latent }),
          sharedWidth:
            number('shared_expert_intermediate_size', 'moe_shared_expert_intermediate_size') ??
            shared ??
            sharedExperts * expertWidth,
          denseLayers: number('first_k_dense_replace') ?? 0,
          step: number('decoder_sparse_step', 'interleave_moe_layer_step', 'expert_layer_period') ?? 1,
        }
      : undefined;
  return compact({ width, gated: like.feedForward.gated, experts, share: widened });
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}
