import type { Layer, Sizes } from './sizes.ts';

/** Four projections of one width, with their biases. */
const attention = (width: number, bias: boolean) => 4 * width * width + (bias ? 4 * width : 0);

/** A norm with its weight, and its bias where the layer has biases. */
const norm = (width: number, bias: boolean) => (bias ? 2 : 1) * width;

const feedForward = (width: number, inner: number, bias: boolean) => 2 * width * inner + (bias ? inner + width : 0);

/** Width of the feed-forward part where nothing is said (`torch/nn/modules/transformer.py`). */
const usualFeedForward = 2048;

function blockParameters(s: Sizes, attentions: number): number {
  const width = s.number('d_model');
  const bias = s.flag('bias', true);
  const inner = s.number('dim_feedforward', usualFeedForward);
  return (
    attentions * (attention(width, bias) + norm(width, bias)) + feedForward(width, inner, bias) + norm(width, bias)
  );
}

const block = (attentions: number): Layer => ({
  signature: [
    'd_model',
    'nhead',
    'dim_feedforward',
    'dropout',
    'activation',
    'layer_norm_eps',
    'batch_first',
    'norm_first',
    'bias',
  ],
  parameters: (s) => ({ weights: blockParameters(s, attentions) }),
});

const multihead: Layer = {
  signature: [
    'embed_dim',
    'num_heads',
    'dropout',
    'bias',
    'add_bias_kv',
    'add_zero_attn',
    'kdim',
    'vdim',
    'batch_first',
  ],
  parameters: (s) => {
    const width = s.number('embed_dim');
    const size = (name: string) => (s.value(name)?.kind === 'none' ? width : s.number(name, width));
    const bias = s.flag('bias', true) ? 4 * width : 0;
    const extra = s.flag('add_bias_kv', false) ? 2 * width : 0;
    return { weights: width * (2 * width + size('kdim') + size('vdim')) + bias + extra };
  },
};

/** Encoder and decoder with a norm after each (`nn.Transformer` of default parts). */
const whole: Layer = {
  signature: [
    'd_model',
    'nhead',
    'num_encoder_layers',
    'num_decoder_layers',
    'dim_feedforward',
    'dropout',
    'activation',
    'custom_encoder',
    'custom_decoder',
    'layer_norm_eps',
    'batch_first',
    'norm_first',
    'bias',
  ],
  parameters: (s) => {
    for (const part of ['custom_encoder', 'custom_decoder']) {
      const value = s.value(part);
      if (value && value.kind !== 'none') s.open ??= { reason: 'has parts of its own', at: value.at };
    }
    const width = s.number('d_model', 512);
    const bias = s.flag('bias', true);
    const inner = s.number('dim_feedforward', usualFeedForward);
    const one = (attentions: number) =>
      attentions * (attention(width, bias) + norm(width, bias)) + feedForward(width, inner, bias) + norm(width, bias);
    const weights =
      s.number('num_encoder_layers', 6) * one(1) + s.number('num_decoder_layers', 6) * one(2) + 2 * norm(width, bias);
    return { weights };
  },
};

/** Attention and transformer layers; stacks of them are counted from the layer that they are given. */
export const transformerLayers: Readonly<Record<string, Layer>> = {
  MultiheadAttention: multihead,
  TransformerEncoderLayer: block(1),
  TransformerDecoderLayer: block(2),
  Transformer: whole,
};
