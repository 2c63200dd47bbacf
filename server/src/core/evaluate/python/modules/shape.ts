import type { ObjectValue, Store, Value } from '../../value.ts';
import { childrenOf, countModule, isOpenSize } from './count.ts';
import { isContainer, isStack, ownPath } from './kinds.ts';
import { layerOf, nameInTorch } from './layers.ts';
import { sizesOf } from './sizes.ts';

/** The block that a transformer repeats: what its activations are worked out from. */
export interface RepeatedBlock {
  readonly layers: number;
  /** Width of the residual stream. */
  readonly hidden: number;
  /** Width of the feed-forward part. */
  readonly inner?: number;
  readonly heads?: number;
  /** Entries of the biggest embedding of that width. */
  readonly vocabulary?: number;
  readonly at: Value['at'] | undefined;
}

interface Layer {
  readonly name: string;
  readonly module: ObjectValue;
}

const maximumLayers = 4000;

/** The stack of most parameters whose members are equal in size and attend; undefined where there is none. */
export function repeatedBlock(model: ObjectValue): RepeatedBlock | undefined {
  const layers = layersOf(model);
  let best: (RepeatedBlock & { readonly size: number }) | undefined;
  for (const { module } of layers) {
    const stack = isStack(ownPath(module)) ? stackOf(module) : containerOf(module);
    const size = stack ? countModule(module) : undefined;
    if (!stack || !size || isOpenSize(size) || (best && best.size >= size.parameters)) continue;
    const block = blockOf(stack.member, stack.count);
    if (block) best = { ...block, at: module.call?.at ?? module.at, size: size.parameters };
  }
  if (!best) return undefined;
  const { size, ...block } = best;
  const whole = countModule(model);
  if (isOpenSize(whole) || size < whole.parameters / 4) return undefined;
  const vocabulary = vocabularyOf(layers, block.hidden);
  return { ...block, ...(vocabulary === undefined ? {} : { vocabulary }) };
}

interface Stack {
  readonly member: ObjectValue;
  readonly count: number;
}

function stackOf(module: ObjectValue): Stack | undefined {
  const member =
    module.call?.keywords.get('encoder_layer') ??
    module.call?.keywords.get('decoder_layer') ??
    module.call?.positional[0];
  const count = module.call && sizesOf(module.call, ['layer', 'num_layers']).number('num_layers');
  return member?.kind === 'object' && count && count > 0 ? { member, count } : undefined;
}

/** Members of a list that are of one class and size. */
function containerOf(module: ObjectValue): Stack | undefined {
  if (!isContainer(ownPath(module))) return undefined;
  const members = childrenOf(module).map(([, part]) => part);
  const [first] = members;
  if (!first?.class || members.length < 2 || members.some((one) => one.class?.definition !== first.class?.definition))
    return undefined;
  return { member: first, count: members.length };
}

function blockOf(member: ObjectValue, layers: number): RepeatedBlock | undefined {
  const name = nameInTorch(ownPath(member));
  if (name && /^Transformer(En|De)coderLayer$/.test(name) && member.call) {
    const sizes = sizesOf(member.call, ['d_model', 'nhead', 'dim_feedforward']);
    const [hidden, heads, inner] = [
      sizes.number('d_model'),
      sizes.number('nhead'),
      sizes.number('dim_feedforward', 2048),
    ];
    return sizes.open ? undefined : { layers, hidden, heads, inner, at: undefined };
  }
  const parts = layersOf(member);
  const attends = parts.some(({ name: part, module }) => /att/i.test(part) || /att/i.test(module.path));
  if (!attends) return undefined;
  const hidden = widthOf(parts) ?? attentionWidth(parts);
  if (hidden === undefined) return undefined;
  const linears = parts.flatMap(({ module }) =>
    nameInTorch(module.path) === 'Linear' && module.call ? [sizesOf(module.call, ['in_features', 'out_features'])] : [],
  );
  const outer = linears.filter((one) => one.number('in_features') !== hidden && one.number('out_features') === hidden);
  const inner = Math.max(...outer.map((one) => one.number('in_features')), 0);
  const heads = headsOf(parts);
  return { layers, hidden, ...(inner > 0 ? { inner } : {}), ...(heads === undefined ? {} : { heads }), at: undefined };
}

/** The width of the first norm of a block, of `torch.nn` or of the program's own. */
function widthOf(parts: readonly Layer[]): number | undefined {
  for (const { module, name } of parts) {
    if (!/norm|ln/i.test(`${name} ${module.path}`)) continue;
    const layer = layerOf(ownPath(module));
    if (layer && layer !== 'empty' && layer !== 'lazy' && module.call) {
      const sizes = sizesOf(module.call, layer.signature);
      const width = layer.parameters(sizes)['weight'];
      if (!sizes.open && width !== undefined) return width;
    }
    const weight = module.fields.get('weight') ?? module.fields.get('scale') ?? module.fields.get('gamma');
    const size = weight && countModule(weight);
    if (size && !isOpenSize(size) && size.parameters > 1) return size.parameters;
  }
  return undefined;
}

function attentionWidth(parts: readonly Layer[]): number | undefined {
  for (const { module } of parts) {
    if (nameInTorch(module.path) !== 'MultiheadAttention' || !module.call) continue;
    const sizes = sizesOf(module.call, ['embed_dim']);
    const width = sizes.number('embed_dim');
    if (!sizes.open) return width;
  }
  return undefined;
}

const headNames = ['num_heads', 'n_heads', 'n_head', 'heads', 'nhead', 'h', 'num_attention_heads'];

/** Heads that a block's attention keeps as an attribute, or that `nn.MultiheadAttention` is given. */
function headsOf(parts: readonly Layer[]): number | undefined {
  for (const { module, name } of parts) {
    if (!/att/i.test(`${name} ${module.path}`)) continue;
    for (const key of headNames) {
      const value = module.fields.get(key);
      if (value?.kind === 'number') return value.value;
    }
    if (nameInTorch(module.path) !== 'MultiheadAttention' || !module.call) continue;
    const sizes = sizesOf(module.call, ['embed_dim', 'num_heads']);
    const heads = sizes.number('num_heads');
    if (!sizes.open) return heads;
  }
  return undefined;
}

function vocabularyOf(layers: readonly Layer[], hidden: number): number | undefined {
  const sizes = layers.flatMap(({ module }) => {
    if (nameInTorch(ownPath(module)) !== 'Embedding' || !module.call) return [];
    const read = sizesOf(module.call, ['num_embeddings', 'embedding_dim']);
    const [entries, width] = [read.number('num_embeddings'), read.number('embedding_dim')];
    return read.open || width !== hidden ? [] : [entries];
  });
  return sizes.length > 0 ? Math.max(...sizes) : undefined;
}

/** All modules inside one, outer ones first, with the names that hold them. */
function layersOf(model: ObjectValue): readonly Layer[] {
  const seen = new Set<Store>();
  const found: Layer[] = [];
  const queue: Layer[] = [{ name: '', module: model }];
  for (let at = 0; at < queue.length && found.length < maximumLayers; at += 1) {
    const one = queue[at];
    if (!one || seen.has(one.module.fields)) continue;
    seen.add(one.module.fields);
    found.push(one);
    for (const [name, module] of childrenOf(one.module)) queue.push({ name, module });
  }
  return found;
}
