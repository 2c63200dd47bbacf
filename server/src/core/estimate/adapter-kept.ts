import type { TransformerShape } from '../workload/architecture.ts';
import { mergesAdapters } from './adapter-experts.ts';
import { adaptedMatrices, type Matrix } from './adapter-matrices.ts';
import { type AdapterMethod, methodOf, worked } from './adapter-methods.ts';
import type { Flavour } from './flavour.ts';
import type { Numbers, SavedBytes } from './kept-bytes.ts';
import { type AdapterPlan, type AdapterTargets, bytesPerElement, type Plan } from './plan.ts';

const nothing: SavedBytes = { replicated: 0, sharded: 0 };

/** Bytes that adapters add to what a layer keeps for one token, although the base is frozen: by what their method needs of inputs, outputs and ranks. */
export function adapterKept(plan: Plan, shape: TransformerShape, flavour: Flavour, n: Numbers): SavedBytes {
  const { adapter } = plan;
  if (!adapter) return nothing;
  if (adapter.method === 'adaption_prompt') return { replicated: 0, sharded: promptedBytes(adapter, shape, n) };
  if (adapter.method === 'adapter') return { replicated: 0, sharded: gatedBytes(shape, n) };
  if (adapter.method === 'prefix_tuning') return { replicated: 0, sharded: prefixedBytes(shape, flavour, n) };
  // Adapters of stacked experts are added to the weights and see no token.
  const all = adapter.targets;
  const t = mergesAdapters(plan) ? { ...all, gate: false, up: false, down: false } : all;
  const method = methodOf(adapter);
  const inputs = inputBytes(plan, shape, flavour, n, method, t);
  const own = plan.precision.autocast ? n.e : bytesPerElement[adapter.precision];
  const prompted = adapter.method === 'adapter_v2' ? gatedBytes(shape, n) : 0;
  const outputs = outputBytes(adapter, shape, method, t, own);
  return { replicated: inputs.replicated, sharded: inputs.sharded + outputs + prompted };
}

/** Inputs and ranks that low-rank products keep. */
function inputBytes(
  plan: Plan,
  shape: TransformerShape,
  flavour: Flavour,
  n: Numbers,
  method: AdapterMethod,
  t: AdapterTargets,
): SavedBytes {
  const { adapter } = plan;
  if (!adapter) return nothing;
  const { hidden: h, attention: a, feedForward: f } = shape;
  const [ofInput, , ofRank] = method.kept;
  const own = bytesPerElement[adapter.precision];
  // Adapters wider than the base get a cast copy a module; in the base's format modules share one tensor.
  const shared = (own <= n.e && !n.autocast && !flavour.adapterDropout) || ofInput < 1;
  const copy = (plan.precision.autocast ? n.e : own) + (flavour.keepsQuantizedInputs ? n.e : 0);
  const inner = f.experts ? f.experts.width * f.experts.perToken : f.width;
  const projections = Number(t.query) + Number(t.key) + Number(t.value);
  const qkv = flavour.fusedProjection ? Math.min(1, projections) : projections;
  const entries = (f.gated ? Number(t.gate) : 0) + Number(t.up);
  const up = flavour.fusedGateUp ? Math.min(1, entries) : entries;
  const modules = (count: number) => (shared ? Math.min(1, count) : count);
  const rank = adapter.rank * copy * (qkv + up + Number(t.output) + Number(t.down));
  const output = t.output ? (shared ? 0 : copy) * a.heads * a.headDim : 0;
  const routed = f.experts ? f.experts.perToken : 1;
  return {
    replicated: ofInput * copy * h * (modules(qkv) + modules(up) * routed + Number(t.router === true)) + ofRank * rank,
    sharded: ofInput * (output + (t.down ? copy * inner : 0)),
  };
}

/** Outputs that a method keeps: those that it scales or turns. IA3 scales what the feed-forward part's last matrix reads, in its own format. */
function outputBytes(
  { method: name }: AdapterPlan,
  shape: TransformerShape,
  { kept: [, share] }: AdapterMethod,
  t: AdapterTargets,
  own: number,
): number {
  if (share === 0) return 0;
  const scaled = name === 'ia3' && t.down;
  const matrices = adaptedMatrices(shape, scaled ? { ...t, down: false } : t);
  const outputs = matrices.reduce((sum, matrix) => sum + matrix.outputs, 0);
  return own * (share * outputs + (scaled ? shape.feedForward.width : 0));
}

/** LLaMA-Adapter's second attention over its prompt: its queries, scores, probabilities and their cast copy (peft 0.21). */
function promptedBytes({ parameters }: AdapterPlan, shape: TransformerShape, n: Numbers): number {
  const { heads, headDim } = shape.attention;
  const length = Math.max(0, (parameters / shape.layers - 1) / shape.hidden);
  return (n.e * heads * headDim) / 2 + (4 + 2 * n.e) * heads * length;
}

/** litgpt's attention over a prompt is a fused kernel: its result, which a gate scales, and the log-sum-exp of each head. */
function gatedBytes({ attention: a }: TransformerShape, n: Numbers): number {
  return n.e * a.heads * a.headDim + 4 * a.heads;
}

/** Prefixes come with a mask, under which keys and values are laid out for every query head. */
function prefixedBytes({ attention: a }: TransformerShape, flavour: Flavour, n: Numbers): number {
  return flavour.repeatedKv ? 0 : 2 * n.e * (a.heads - a.kvHeads) * a.headDim;
}

/** Bytes of one layer that a method spells out of weights, whatever the number of tokens: kept for the backward pass, and passing while the biggest is at work. */
export function spelledBytes({ adapter, shape, parallel }: Plan): { readonly kept: number; readonly passing: number } {
  const work = adapter && methodOf(adapter).weights;
  if (!adapter || !shape || !work) return { kept: 0, passing: 0 };
  const matrices = adaptedMatrices(shape, adapter.targets);
  const elements = (matrix: Matrix) => worked(matrix, work, adapter.rank) / parallel.tensor;
  return {
    kept: work.kept * matrices.reduce((sum, matrix) => sum + elements(matrix), 0),
    passing: work.passing * Math.max(0, ...matrices.map(elements)),
  };
}
