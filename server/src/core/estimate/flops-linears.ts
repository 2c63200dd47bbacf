import type { TransformerShape } from '../workload/architecture.ts';
import { attendingLayers, feedForwardLayers, mixtureLayers, stateLayers } from './layer-kinds.ts';

/** Matrices of one kind in a model: `inputs x outputs`, in `layers` of its layers. */
export interface Linear {
  readonly part:
    | 'query'
    | 'key'
    | 'value'
    | 'output'
    | 'gate'
    | 'up'
    | 'down'
    | 'expert-in'
    | 'expert-out'
    | 'latent'
    | 'state-in'
    | 'state-out';
  readonly inputs: number;
  readonly outputs: number;
  /** Matrices of this form over the whole model, those of one mixture counted once. */
  readonly count: number;
  /** Which side tensor parallelism cuts; neither for low-rank latents. */
  readonly cut: 'outputs' | 'inputs' | 'none';
  /** One of a mixture's experts, of which a token takes `perToken`. */
  readonly expert: boolean;
}

const remembered = new WeakMap<TransformerShape, readonly Linear[]>();

/** Every matrix that a token is multiplied with between embedding and head. Remembered per shape. */
export function linearsOf(shape: TransformerShape): readonly Linear[] {
  const known = remembered.get(shape);
  if (known) return known;
  const list = [...attentionLinears(shape), ...stateLinears(shape), ...feedForwardLinears(shape)];
  remembered.set(shape, list);
  return list;
}

function attentionLinears(shape: TransformerShape): Linear[] {
  const { hidden: h, attention: a } = shape;
  const count =
    attendingLayers(shape) + (shape.kind === 'encoder-decoder' ? 2 * (shape.decoderLayers ?? shape.layers) : 0);
  const one = (part: Linear['part'], inputs: number, outputs: number, cut: Linear['cut']): Linear => ({
    part,
    inputs,
    outputs,
    count,
    cut,
    expert: false,
  });
  if (a.kind === 'mla' && a.mla) {
    const { qRank, kvRank, nopeDim, ropeDim, valueDim } = a.mla;
    const query = a.heads * (nopeDim + ropeDim);
    return [
      ...(qRank > 0 ? [one('latent', h, qRank, 'none')] : []),
      one('query', qRank > 0 ? qRank : h, query, 'outputs'),
      one('latent', h, kvRank + ropeDim, 'none'),
      one('key', kvRank, a.heads * (nopeDim + valueDim), 'outputs'),
      one('output', a.heads * valueDim, h, 'inputs'),
    ];
  }
  const query = a.heads * a.headDim;
  const key = a.kvHeads * a.headDim;
  if (a.global) {
    const { global, ...rest } = a;
    const { windowShare = 1 } = a;
    const local = { ...shape, attention: rest };
    const all = { ...shape, attention: { ...rest, kvHeads: global.kvHeads, headDim: global.headDim } };
    const of = (part: TransformerShape, share: number) =>
      attentionLinears(part).map((linear) => ({ ...linear, count: linear.count * share }));
    return [...of(local, windowShare), ...of(all, 1 - windowShare)];
  }
  // The picture's tokens ask a second attention, whose keys are the few of the prompt.
  const asks = shape.denoiser?.crossed ? 2 * count : count;
  return [
    { ...one('query', h, a.gated ? 2 * query : query, 'outputs'), count: asks },
    one('key', h, key, 'outputs'),
    one('value', h, key, 'outputs'),
    { ...one('output', query, h, 'inputs'), count: asks },
  ];
}

/** Projections into and out of the layers that keep a state, low-rank matrices between them as one. */
function stateLinears(shape: TransformerShape): Linear[] {
  const { state } = shape.attention;
  if (!state) return [];
  const count = stateLayers(shape);
  const { entries, inner } = state.mixer;
  const h = shape.hidden;
  const between = state.matrices - h * (entries + inner);
  return [
    { part: 'state-in', inputs: h, outputs: entries, count, cut: 'outputs', expert: false },
    { part: 'state-out', inputs: inner, outputs: h, count, cut: 'inputs', expert: false },
    ...(between > 0
      ? [{ part: 'latent', inputs: between / inner, outputs: inner, count, cut: 'outputs', expert: false } as const]
      : []),
  ];
}

function feedForwardLinears(shape: TransformerShape): Linear[] {
  const { hidden: h, feedForward: f } = shape;
  const blocks =
    feedForwardLayers(shape) + (shape.kind === 'encoder-decoder' ? (shape.decoderLayers ?? shape.layers) : 0);
  const mixed = f.experts ? mixtureLayers(shape) : 0;
  const list: Linear[] = [];
  const pair = (width: number, count: number, expert: boolean, side = h) => {
    if (width <= 0 || count <= 0) return;
    const entry = f.gated ? 2 : 1;
    const into: Linear = {
      part: expert ? 'expert-in' : 'up',
      inputs: side,
      outputs: entry * width,
      count,
      cut: 'outputs',
      expert,
    };
    list.push(into, {
      part: expert ? 'expert-out' : 'down',
      inputs: width,
      outputs: side,
      count,
      cut: 'inputs',
      expert,
    });
  };
  pair(f.width, blocks - mixed, false);
  if (f.experts) {
    pair(f.experts.sharedWidth, mixed, false);
    pair(f.experts.width, mixed, true, f.experts.latent);
    if (f.experts.latent !== undefined)
      list.push(
        { part: 'latent', inputs: h, outputs: f.experts.latent, count: mixed, cut: 'none', expert: false },
        { part: 'latent', inputs: f.experts.latent, outputs: h, count: mixed, cut: 'none', expert: false },
      );
  }
  return list;
}
