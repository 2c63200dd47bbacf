import type { TransformerShape } from '../workload/architecture.ts';
import type { SavedBytes } from './kept-bytes.ts';
import { mixtureLayers } from './layer-kinds.ts';
import type { Plan } from './plan.ts';

/**
 * Parts of a layer that Megatron's selective recomputation may drop and bring back (`--recompute-modules`, Megatron Core 0.16,
 * `transformer_config.py`): the core of attention alone where nothing else is named.
 */
export const recomputedModules = [
  'core_attn',
  'mlp',
  'moe',
  'moe_act',
  'shared_experts',
  'layernorm',
  'mla_up_proj',
] as const;

export type RecomputedModule = (typeof recomputedModules)[number];

/** Bytes of the parts of one layer for one token, each as the layer keeps it. */
export interface LayerParts {
  /** Scores and their softmax, where they are spelled out; fused kernels form none. */
  readonly scores: number;
  /** Inner tensors of the dense feed-forward part. */
  readonly dense: number;
  /** Routed copies with their inner tensors. */
  readonly routed: number;
  readonly shared: number;
  /** One inner tensor of the routed copies: what the activation leaves. */
  readonly activated: number;
  /** Outputs of the layer's norms, as the linears read them. */
  readonly normed: number;
  /** Queries, keys and values that latents are widened to. */
  readonly widened: number;
}

/** Whether a plan recomputes by modules: Megatron's selective mode, and what is built on it. */
export function recomputesModules(plan: Plan): boolean {
  return plan.recompute === 'selective' && plan.stack === 'megatron';
}

/** The modules of a plan; the core of attention where none is named. */
export function modulesOf(plan: Plan): readonly RecomputedModule[] {
  return plan.recomputed ?? ['core_attn'];
}

/** The modules among some names; undefined where none of them is one. */
export function namedModules(names: readonly string[] | undefined): readonly RecomputedModule[] | undefined {
  const found = recomputedModules.filter((module) => names?.includes(module));
  return found.length > 0 ? found : undefined;
}

/** What of one layer's kept bytes is dropped, for one token. */
export function droppedBytes(plan: Plan, parts: LayerParts): SavedBytes {
  const modules = new Set(modulesOf(plan));
  let sharded = 0;
  if (modules.has('core_attn')) sharded += parts.scores;
  if (modules.has('mlp')) sharded += parts.dense;
  if (modules.has('moe')) sharded += parts.routed + parts.shared;
  else {
    if (modules.has('moe_act')) sharded += parts.activated;
    if (modules.has('shared_experts')) sharded += parts.shared;
  }
  if (modules.has('mla_up_proj')) sharded += parts.widened;
  return { sharded, replicated: modules.has('layernorm') ? parts.normed : 0 };
}

/** Share of a layer's matmuls that the modules repeat, by the parameters that a token passes in them. */
export function repeatedWork(plan: Plan, shape: TransformerShape): number {
  const modules = new Set(modulesOf(plan));
  const { hidden, attention: a, feedForward: f } = shape;
  const matrices = f.gated ? 3 : 2;
  const mixed = mixtureLayers(shape) / shape.layers;
  const dense = matrices * hidden * f.width * (1 - mixed);
  const routed = f.experts ? matrices * (f.experts.latent ?? hidden) * f.experts.width * f.experts.perToken * mixed : 0;
  const shared = f.experts ? matrices * hidden * f.experts.sharedWidth * mixed : 0;
  const projections = 2 * hidden * (a.heads + a.kvHeads) * a.headDim;
  const all = dense + routed + shared + projections;
  let again = 0;
  if (modules.has('mlp')) again += dense;
  if (modules.has('moe')) again += routed + shared;
  else if (modules.has('shared_experts')) again += shared;
  return all > 0 ? again / all : 0;
}
