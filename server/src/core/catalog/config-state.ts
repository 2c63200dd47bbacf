import type { AttentionShape, StateMixer, TransformerShape } from '../workload/architecture.ts';
import { type StateDimensions, stateLayerOf, unnormedScans } from './tables/state-layers.ts';

type Keys = { readonly [key: string]: unknown };

/** How many layers of a model keep a state, attend, and have a feed-forward part. */
export interface LayerCounts {
  readonly layers: number;
  readonly states: number;
  readonly attending: number;
  readonly widened: number;
}

const stateWords = new Set(['mamba', 'mamba2', 'linear_attention', 'conv', 'recurrent', 'hybrid']);
const attentionWords = new Set(['attention', 'full_attention', 'hybrid']);
const partWords = new Set(['mlp', 'moe']);
/** Nemotron-H's signs for its layers: Mamba-2, attention, dense and mixture. */
const signs: Readonly<Record<string, string>> = { M: 'mamba', '*': 'attention', '-': 'mlp', E: 'moe' };

/** Kinds of layers as a configuration lists them; undefined where it does not. */
function listed(keys: Keys): readonly string[] | undefined {
  const pattern = keys['hybrid_override_pattern'];
  if (typeof pattern === 'string' && pattern !== '') return [...pattern].map((sign) => signs[sign] ?? sign);
  const list = keys['layer_types'] ?? keys['layers_block_type'];
  return Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string') ? list : undefined;
}

/** Layers by kind: listed, told by a period or by the places of attention, else in the family's proportion. */
export function layerCountsOf(keys: Keys, like: TransformerShape, stated: number | undefined): LayerCounts | undefined {
  const list = listed(keys);
  if (list) {
    const count = (words: ReadonlySet<string>) => list.filter((one) => words.has(one)).length;
    const parts = count(partWords);
    return {
      layers: list.length,
      states: count(stateWords),
      attending: count(attentionWords),
      widened: parts > 0 ? parts : list.length * Math.ceil(like.feedForward.share ?? 1),
    };
  }
  if (stated === undefined) return undefined;
  const { share, state } = like.attention;
  const widened = stated * (like.feedForward.share ?? 1);
  const attending = attendingOf(keys, stated);
  // Layers may keep a state beside attention (Falcon-H1).
  if (attending === undefined || (share ?? 0) + (state?.share ?? 0) > 1)
    return {
      layers: stated,
      states: stated * (state?.share ?? 0),
      attending: stated * (share ?? 1 - (state?.share ?? 0)),
      widened,
    };
  return { layers: stated, states: stated - attending, attending, widened };
}

/** Layers that attend, by their places or by how often they come. */
function attendingOf(keys: Keys, layers: number): number | undefined {
  const linear = tableOf(keys['linear_attn_config']);
  for (const places of [keys['attn_layer_indices'], keys['full_attn_idxs'], linear['full_attn_layers']])
    if (Array.isArray(places)) return Math.min(layers, places.length);
  const period = numberOf(keys, 'attn_layer_period', 'full_attention_interval');
  return period === undefined ? undefined : Math.floor(layers / period);
}

const tableOf = (value: unknown): Keys => (typeof value === 'object' && value !== null ? (value as Keys) : {});

function numberOf(keys: Keys, ...names: readonly string[]): number | undefined {
  const value = names.map((name) => keys[name]).find((one) => typeof one === 'number');
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}

/** The layers of a configuration that keep a state, those of its family where it leaves a dimension open. */
export function stateOfConfig(
  keys: Keys,
  like: TransformerShape,
  hidden: number,
  counts: LayerCounts,
): AttentionShape['state'] {
  const mixer = like.attention.state?.mixer;
  if (!mixer || counts.states <= 0) return undefined;
  const dimensions = dimensionsOf(keys, mixer, hidden);
  const family = typeof keys['model_type'] === 'string' ? keys['model_type'] : like.family;
  return {
    share: counts.states / counts.layers,
    ...stateLayerOf(mixer.kind, { ...dimensions, hidden, normed: !unnormedScans.has(family) }),
  };
}

function dimensionsOf(keys: Keys, mixer: StateMixer, hidden: number): Omit<StateDimensions, 'hidden' | 'normed'> {
  const number = (...names: readonly string[]) => numberOf(keys, ...names);
  const expand = number('mamba_expand', 'expand') ?? 2;
  const reach = number('mamba_d_conv', 'conv_kernel', 'linear_conv_kernel_dim', 'conv_L_cache') ?? 4;
  switch (mixer.kind) {
    case 'ssd': {
      const headDim = number('mamba_d_head', 'mamba_head_dim', 'head_dim') ?? mixer.inner / mixer.heads;
      const heads = number('mamba_n_heads', 'mamba_num_heads', 'num_heads') ?? (expand * hidden) / headDim;
      const size = number('mamba_d_state', 'ssm_state_size', 'state_size') ?? mixer.size;
      const groups = number('mamba_n_groups', 'n_groups') ?? mixer.keys / mixer.size;
      return { heads, headDim, size, groups, reach, rank: 0, chunk: number('mamba_chunk_size', 'chunk_size') };
    }
    case 'delta': {
      const low = tableOf(keys['linear_attn_config']);
      const linear = numberOf(low, 'num_heads');
      if (linear !== undefined) {
        const width = numberOf(low, 'head_dim') ?? mixer.size;
        const near = numberOf(low, 'short_conv_kernel_size') ?? reach;
        return { heads: linear, headDim: width, size: width, groups: linear, reach: near, rank: width };
      }
      return {
        heads: number('linear_num_value_heads', 'linear_num_heads') ?? mixer.heads,
        headDim: number('linear_value_head_dim', 'linear_head_dim') ?? mixer.inner / mixer.heads,
        size: number('linear_key_head_dim', 'linear_head_dim') ?? mixer.size,
        groups: number('linear_num_key_heads', 'linear_num_heads') ?? mixer.keys / mixer.size,
        reach,
        rank: mixer.entries > mixer.convolved + mixer.inner ? 0 : mixer.size,
      };
    }
    case 'selective':
      return {
        heads: expand * hidden,
        headDim: 1,
        size: number('mamba_d_state', 'state_size') ?? mixer.size,
        groups: 1,
        reach,
        rank: number('mamba_dt_rank', 'time_step_rank') ?? Math.ceil(hidden / 16),
      };
    case 'linear':
      return {
        heads: number('num_attention_heads') ?? mixer.heads,
        headDim: number('head_dim') ?? mixer.inner / mixer.heads,
        size: number('head_dim') ?? mixer.size,
        groups: number('num_attention_heads') ?? mixer.heads,
        reach,
        rank: 0,
      };
    default:
      return {
        heads: 1,
        headDim: hidden,
        size: 1,
        groups: 1,
        reach: mixer.kind === 'convolution' ? (number('conv_L_cache') ?? 3) : reach,
        rank: 0,
      };
  }
}
