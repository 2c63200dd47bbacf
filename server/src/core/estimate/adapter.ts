import type { TransformerShape } from '../workload/architecture.ts';
import { attendingLayers, feedForwardLayers, mixtureLayers, stateLayers } from './layer-kinds.ts';
import type { AdapterTargets } from './plan.ts';

/** Linears of a block. */
type Part = Exclude<keyof AdapterTargets, 'router'>;

/** Linears of a block under the names that model code gives them. */
const linearOfName: Readonly<Record<string, readonly Part[]>> = {
  q_proj: ['query'],
  k_proj: ['key'],
  v_proj: ['value'],
  o_proj: ['output'],
  out_proj: ['output'],
  query: ['query'],
  key: ['key'],
  value: ['value'],
  q: ['query'],
  k: ['key'],
  v: ['value'],
  o: ['output'],
  dense: ['output'],
  gate_proj: ['gate'],
  up_proj: ['up'],
  down_proj: ['down'],
  fc1: ['up'],
  fc2: ['down'],
  wi_0: ['gate'],
  wi_1: ['up'],
  wo: ['down'],
  w1: ['gate'],
  w2: ['up'],
  w3: ['down'],
  c_attn: ['query', 'key', 'value'],
  qkv_proj: ['query', 'key', 'value'],
  query_key_value: ['query', 'key', 'value'],
  Wqkv: ['query', 'key', 'value'],
  W_pack: ['query', 'key', 'value'],
  wqkv: ['query', 'key', 'value'],
  linear_qkv: ['query', 'key', 'value'],
  c_proj: ['output', 'down'],
  c_fc: ['up'],
  linear_proj: ['output'],
  linear_fc1: ['gate', 'up'],
  linear_fc2: ['down'],
  dense_h_to_4h: ['up'],
  dense_4h_to_h: ['down'],
  gate_up_proj: ['gate', 'up'],
  input_linear: ['gate', 'up'],
  output_linear: ['down'],
  to_q: ['query'],
  to_k: ['key'],
  to_v: ['value'],
  to_out: ['output'],
  add_q_proj: ['query'],
  add_k_proj: ['key'],
  add_v_proj: ['value'],
  to_add_out: ['output'],
  linear_in: ['up'],
  linear_out: ['down'],
  to_qkv_mlp_proj: ['query', 'key', 'value', 'up'],
  projection: ['output'],
  mlp: ['gate', 'up', 'down'],
};

/** Linears whose query, key and value (or gate and up) are one matrix, so that one adapter spans them. */
const fused = new Set([
  'W_pack',
  'wqkv',
  'c_attn',
  'qkv_proj',
  'query_key_value',
  'Wqkv',
  'linear_qkv',
  'gate_up_proj',
  'input_linear',
  'linear_fc1',
]);

const allLinear = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];

/** Linears of a block in families whose code joins some of them (transformers). */
const joinedLinears: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^phi3/, ['qkv_proj', 'o_proj', 'gate_up_proj', 'down_proj']],
  [/^(gpt_neox|pythia|bloom|falcon)/, ['query_key_value', 'dense', 'dense_h_to_4h', 'dense_4h_to_h']],
  [/^(gpt2|gpt3|gpt_bigcode)/, ['c_attn', 'c_proj', 'c_fc']],
  [/^mpt/, ['Wqkv', 'out_proj', 'up_proj', 'down_proj']],
  [/^granitemoe/, ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'input_linear', 'output_linear']],
  [/^lfm2/, ['q_proj', 'k_proj', 'v_proj', 'gate_proj', 'up_proj', 'down_proj']],
  [/^glm4?$/, ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_up_proj', 'down_proj']],
];

/** The router of a mixture, which is one of "all linears" of it. */
const router = 'router';

function allLinearsOf(shape: TransformerShape | undefined): readonly string[] {
  if (!shape) return allLinear;
  const names = joinedLinears.find(([family]) => family.test(shape.family))?.[1] ?? allLinear;
  const all = [...names, ...scanLinearsOf(shape)];
  return shape.feedForward.experts ? [...all, router] : all;
}

/** Linears of the layers that keep a state, as transformers names them. */
function scanLinearsOf({ family, attention }: TransformerShape): readonly string[] {
  switch (attention.state?.mixer.kind) {
    case 'ssd':
    case 'selective':
    case 'convolution':
      return ['in_proj', 'out_proj'];
    case 'delta':
      return family === 'qwen3_next'
        ? ['in_proj_qkvz', 'in_proj_ba', 'out_proj']
        : ['in_proj_qkv', 'in_proj_z', 'in_proj_b', 'in_proj_a', 'out_proj'];
    default:
      return [];
  }
}

/** Input and output width of a linear of the layers that keep a state; undefined where the name is none of theirs. */
function scanWidthsOf({ hidden: h, attention }: TransformerShape, name: string): readonly [number, number] | undefined {
  const m = attention.state?.mixer;
  if (!m) return undefined;
  switch (name) {
    case 'in_proj':
      return [h, m.entries];
    case 'in_proj_qkvz':
      return [h, m.convolved + m.inner];
    case 'in_proj_qkv':
      return [h, m.convolved];
    case 'in_proj_z':
      return [h, m.inner];
    case 'in_proj_ba':
      return [h, 2 * m.heads];
    case 'in_proj_a':
    case 'in_proj_b':
      return [h, m.heads];
    case 'out_proj':
      return [m.inner, h];
    default:
      return undefined;
  }
}

/** The adapted linears by name, "all-linear" spelled out as the family has them; query and value where nothing is stated (peft's default for most families). */
export function targetNames(targets: readonly string[] | undefined, shape?: TransformerShape): readonly string[] {
  if (!targets || targets.length === 0) return ['q_proj', 'v_proj'];
  // Beside routed experts the shared one is named by its own path: few weights, where its linears' bare names would stand for every expert.
  const named = targets.filter((name) => !(shape?.feedForward.experts && /shared_experts?\./.test(name)));
  return named.flatMap((name) =>
    name === 'all-linear' ? allLinearsOf(shape) : [name.replace(/\.0$/, '').replace(/^.*\./, '')],
  );
}

/** Which parts of a block the named linears are. */
export function adapterTargets(names: readonly string[]): AdapterTargets {
  const found = new Set(names.flatMap((name) => linearOfName[name] ?? []));
  return {
    query: found.has('query'),
    key: found.has('key'),
    value: found.has('value'),
    output: found.has('output'),
    gate: found.has('gate'),
    up: found.has('up'),
    down: found.has('down'),
    ...(names.includes(router) ? { router: true } : {}),
  };
}

/** Input and output width of each linear of a block. */
function widthsOf(shape: TransformerShape, part: Part): readonly [number, number] {
  const { hidden: h, attention: a, feedForward: f } = shape;
  const width = f.experts ? f.experts.width : f.width;
  switch (part) {
    case 'query':
      return [h, (a.gated ? 2 : 1) * a.heads * a.headDim];
    case 'key':
    case 'value':
      return [h, a.kvHeads * a.headDim];
    case 'output':
      return [a.heads * a.headDim, h];
    case 'gate':
      return f.gated ? [h, width] : [0, 0];
    case 'up':
      return [h, width];
    case 'down':
      return [width, h];
  }
}

/**
 * Trainable parameters of low-rank adapters: `rank (in + out)` a linear, `+ out` where weight-decomposed.
 * One adapter spans a fused linear. Expert linears count once an expert; `stacked` ones hold gate and up in one tensor, whose
 * adapter has twice the rank (peft 0.21).
 */
export function adapterParameters(
  shape: TransformerShape,
  names: readonly string[],
  rank: number,
  decomposed: boolean,
  stacked = false,
): number {
  const decoders = shape.decoderLayers ?? 0;
  const attending = attendingLayers(shape) + decoders;
  const widened = feedForwardLayers(shape) + decoders;
  const mixed = mixtureLayers(shape);
  const experts = shape.feedForward.experts?.count ?? 1;
  let sum = 0;
  for (const name of new Set(names)) {
    if (name === router) sum += mixed * rank * (shape.hidden + experts);
    const scan = scanWidthsOf(shape, name);
    if (scan) {
      sum += stateLayers(shape) * (rank * (scan[0] + scan[1]) + (decomposed ? scan[1] : 0));
      // Short convolutions call their output as their attention does.
      if (shape.attention.state?.mixer.kind !== 'convolution') continue;
    }
    const parts = linearOfName[name] ?? [];
    const one = fused.has(name);
    const widths = parts.map((part) => widthsOf(shape, part)).filter(([input]) => input > 0);
    const feedForward = parts.some((part) => part === 'gate' || part === 'up' || part === 'down');
    const copies = feedForward ? mixed * experts + (widened - mixed) : attending;
    const outputs = widths.reduce((total, [, output]) => total + output, 0);
    const inputs = one ? (widths[0]?.[0] ?? 0) : widths.reduce((total, [input]) => total + input, 0);
    sum += copies * (rank * (inputs + outputs) + (decomposed ? outputs : 0));
    // Both halves of a joined output are made from the ranks of both.
    const entries = parts.filter((part) => part === 'gate' || part === 'up').length;
    if (stacked && shape.feedForward.gated && shape.feedForward.experts)
      sum += mixed * experts * entries * rank * shape.feedForward.experts.width;
  }
  return sum;
}
