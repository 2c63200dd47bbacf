import { recurrentLayers } from './recurrent.ts';
import type { Layer, Sizes } from './sizes.ts';
import { transformerLayers } from './transformer.ts';

const withBias = (weight: number, bias: number, sizes: Sizes): Readonly<Record<string, number>> =>
  sizes.flag('bias', true) ? { weight, bias } : { weight };

const linear: Layer = {
  signature: ['in_features', 'out_features', 'bias'],
  parameters: (s) => withBias(s.number('in_features') * s.number('out_features'), s.number('out_features'), s),
};

const bilinear: Layer = {
  signature: ['in1_features', 'in2_features', 'out_features', 'bias'],
  parameters: (s) =>
    withBias(
      s.number('in1_features') * s.number('in2_features') * s.number('out_features'),
      s.number('out_features'),
      s,
    ),
};

/** `out x in / groups x kernel`; a transposed convolution holds as many. */
const convolution = (rank: number, transposed = false): Layer => ({
  signature: transposed
    ? [
        'in_channels',
        'out_channels',
        'kernel_size',
        'stride',
        'padding',
        'output_padding',
        'groups',
        'bias',
        'dilation',
      ]
    : ['in_channels', 'out_channels', 'kernel_size', 'stride', 'padding', 'dilation', 'groups', 'bias'],
  parameters: (s) => {
    const out = s.number('out_channels');
    const weight = (s.number('in_channels') * out * s.product('kernel_size', rank)) / s.number('groups', 1);
    return withBias(weight, out, s);
  },
});

const batchNorm = (affine: boolean): Layer => ({
  signature: ['num_features', 'eps', 'momentum', 'affine', 'track_running_stats'],
  parameters: (s) =>
    s.flag('affine', affine) ? { weight: s.number('num_features'), bias: s.number('num_features') } : {},
});

const groupNorm: Layer = {
  signature: ['num_groups', 'num_channels', 'eps', 'affine'],
  parameters: (s) =>
    s.flag('affine', true) ? { weight: s.number('num_channels'), bias: s.number('num_channels') } : {},
};

const layerNorm: Layer = {
  signature: ['normalized_shape', 'eps', 'elementwise_affine', 'bias'],
  parameters: (s) => {
    if (!s.flag('elementwise_affine', true)) return {};
    const width = s.product('normalized_shape', 1);
    return withBias(width, width, s);
  },
};

const rmsNorm = (name: string): Layer => ({
  signature: [name, 'eps', 'elementwise_affine'],
  parameters: (s) => (s.flag('elementwise_affine', true) ? { weight: s.product(name, 1) } : {}),
});

const embedding: Layer = {
  signature: ['num_embeddings', 'embedding_dim', 'padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq'],
  parameters: (s) => ({ weight: s.number('num_embeddings') * s.number('embedding_dim') }),
};

const prelu: Layer = {
  signature: ['num_parameters', 'init'],
  parameters: (s) => ({ weight: s.number('num_parameters', 1) }),
};

/** Layers of `torch.nn` with parameters (torch 2.13, `torch/nn/modules`). */
const known: Readonly<Record<string, Layer>> = {
  Linear: linear,
  Bilinear: bilinear,
  Conv1d: convolution(1),
  Conv2d: convolution(2),
  Conv3d: convolution(3),
  ConvTranspose1d: convolution(1, true),
  ConvTranspose2d: convolution(2, true),
  ConvTranspose3d: convolution(3, true),
  BatchNorm1d: batchNorm(true),
  BatchNorm2d: batchNorm(true),
  BatchNorm3d: batchNorm(true),
  SyncBatchNorm: batchNorm(true),
  InstanceNorm1d: batchNorm(false),
  InstanceNorm2d: batchNorm(false),
  InstanceNorm3d: batchNorm(false),
  GroupNorm: groupNorm,
  LayerNorm: layerNorm,
  RMSNorm: rmsNorm('normalized_shape'),
  Embedding: embedding,
  EmbeddingBag: embedding,
  PReLU: prelu,
  ...recurrentLayers,
  ...transformerLayers,
};

/** Layers of other libraries that hold what one of `torch.nn` holds. */
const alike: readonly (readonly [RegExp, Layer])[] = [
  [/(^|\.)(ColumnParallelLinear|RowParallelLinear|Linear4bit|Linear8bitLt|te\.Linear|pytorch\.Linear)$/, linear],
  [/(^|\.)(VocabParallelEmbedding|ParallelEmbedding)$/, embedding],
  [/(^|\.)(FusedLayerNorm|MixedFusedLayerNorm)$/, layerNorm],
  [/(^|\.)(FusedRMSNorm|LigerRMSNorm|LlamaRMSNorm)$/, rmsNorm('hidden_size')],
];

/** Modules without any parameter. */
const empty =
  /^(Identity|\w*Dropout\w*|Flatten|Unflatten|Fold|Unfold|Upsample|Upsampling\w+|Pixel(Uns|S)huffle|ChannelShuffle|\w*Pool[123]d|\w*Pad[123]d|LocalResponseNorm|CrossMapLRN2d|CosineSimilarity|PairwiseDistance|\w*Loss|Softmax\w*|Softmin|LogSoftmax|ReLU6?|LeakyReLU|RReLU|ELU|SELU|CELU|GELU|GLU|SiLU|Mish|Sigmoid|LogSigmoid|Hard\w+|Soft(plus|shrink|sign)|Tanh|Tanhshrink|Threshold)$/;

/** Modules of other libraries without any parameter. */
const emptyElsewhere =
  /(^|\.)(DropPath|StochasticDepth|Rearrange|Reduce|torchmetrics\..*|torchvision\.transforms\..*)$|^torchmetrics\./;

/** One cheap test before the tables of other libraries. */
const mayBeLayer = /Linear|Embedding|Norm$|DropPath|StochasticDepth|Rearrange|Reduce|torchmetrics|torchvision/;

/** Modules that take a width from the first batch. */
const lazy = /^Lazy/;

/** What is known of a library's layer: its parameters by name, `none` of it, or why not. */
export function layerOf(path: string): Layer | 'empty' | 'lazy' | undefined {
  const name = nameInTorch(path);
  if (name !== undefined) {
    if (Object.hasOwn(known, name)) return known[name];
    return empty.test(name) ? 'empty' : lazy.test(name) ? 'lazy' : undefined;
  }
  if (!mayBeLayer.test(path)) return undefined;
  if (emptyElsewhere.test(path)) return 'empty';
  return alike.find(([pattern]) => pattern.test(path))?.[1];
}

/** The class name of `torch.nn.Linear` and `torch.nn.modules.linear.Linear`; undefined for what is no class of `torch.nn`. */
export function nameInTorch(path: string): string | undefined {
  if (!path.startsWith('torch.nn.')) return undefined;
  return /^torch\.nn\.(?:modules\.\w+\.|parameter\.)?([A-Z]\w*)$/.exec(path)?.[1];
}
