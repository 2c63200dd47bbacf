import type { Catalog } from '../catalog/catalog.ts';
import { parametersFromName } from '../catalog/model-name.ts';
import { type Architecture, isTransformer, type TransformerShape } from '../workload/architecture.ts';
import { exact, type Known, unknown } from '../workload/known.ts';
import type { ModelSpec } from '../workload/spec.ts';
import { type Sheet, sheetOf } from './case.ts';

/** What a family's configs share: what dimensions alone do not say. */
interface Family {
  readonly family: string;
  readonly pattern: RegExp;
  readonly norm: TransformerShape['norm'];
  readonly gated: boolean;
  readonly bias: TransformerShape['bias'];
  readonly learnedPositions?: number;
  readonly normsPerLayer?: number;
  readonly kind?: TransformerShape['kind'];
  readonly qkNorm?: 'head' | 'full';
  readonly embeddingNorm?: boolean;
  readonly tied?: boolean;
}

const none = { qkv: false, out: false, feedForward: false, head: false } as const;
const all = { qkv: true, out: true, feedForward: true, head: false } as const;
const queryKeyValue = { qkv: true, out: false, feedForward: false, head: false } as const;

/** Families by the names that runs give their models; the first that matches holds. */
const families: readonly Family[] = [
  {
    family: 'gpt_bigcode',
    pattern: /starcoder(?!2)|santacoder/i,
    norm: 'layer',
    gated: false,
    bias: all,
    learnedPositions: 8192,
  },
  { family: 'bloom', pattern: /bloom/i, norm: 'layer', gated: false, bias: all, embeddingNorm: true, tied: true },
  {
    family: 'bert',
    pattern: /bert/i,
    norm: 'layer',
    gated: false,
    bias: all,
    learnedPositions: 512,
    kind: 'encoder',
    embeddingNorm: true,
    tied: true,
  },
  { family: 'vit', pattern: /\bvit\b|deit|dino/i, norm: 'layer', gated: false, bias: all, kind: 'vit' },
  {
    family: 'bart',
    pattern: /\b(?:m|distil)?bart\b|pegasus/i,
    norm: 'layer',
    gated: false,
    bias: all,
    learnedPositions: 1024,
    kind: 'encoder-decoder',
    embeddingNorm: true,
    tied: true,
  },
  { family: 't5', pattern: /\bt5|\bt0|mt0|flan/i, norm: 'rms', gated: true, bias: none, kind: 'encoder-decoder' },
  { family: 'opt', pattern: /\bopt\b/i, norm: 'layer', gated: false, bias: all, learnedPositions: 2050, tied: true },
  { family: 'mpt', pattern: /\bmpt\b/i, norm: 'layer-nobias', gated: false, bias: none, tied: true },
  { family: 'falcon', pattern: /falcon/i, norm: 'layer', gated: false, bias: none, normsPerLayer: 1, tied: true },
  {
    family: 'phi',
    pattern: /\bphi-?(1|2)/i,
    norm: 'layer',
    gated: false,
    bias: { ...all, head: true },
    normsPerLayer: 1,
  },
  { family: 'phi3', pattern: /\bphi-?(3|4)/i, norm: 'rms', gated: true, bias: none },
  { family: 'stablelm_alpha', pattern: /stablelm.*alpha|pythia|neox/i, norm: 'layer', gated: false, bias: all },
  { family: 'gemma2', pattern: /gemma-?2/i, norm: 'rms', gated: true, bias: none, normsPerLayer: 4, tied: true },
  {
    family: 'gemma3',
    pattern: /gemma-?(3|4)/i,
    norm: 'rms',
    gated: true,
    bias: none,
    normsPerLayer: 4,
    qkNorm: 'head',
    tied: true,
  },
  { family: 'gemma', pattern: /gemma/i, norm: 'rms', gated: true, bias: none, tied: true },
  {
    family: 'gpt-megatron',
    pattern: /\bgpt\b.*(bigscience|megatron|\d+b)/i,
    norm: 'layer',
    gated: false,
    bias: all,
    learnedPositions: 2048,
    tied: true,
  },
  {
    family: 'gpt2',
    pattern: /\bgpt-?(2|3|j)?\b|nanogpt|cerebras/i,
    norm: 'layer',
    gated: false,
    bias: all,
    learnedPositions: 1024,
    tied: true,
  },
  // What runs the examples' program in NVIDIA's containers without its configurations leaves the adaptive softmax off (Lambda's logs say so).
  {
    family: 'transfo_xl_whole',
    pattern: /transfo(?:rmer)?-?xl.*examples containers/i,
    norm: 'layer',
    gated: false,
    bias: { qkv: false, out: false, feedForward: true, head: true },
    tied: true,
  },
  {
    family: 'transfo_xl',
    pattern: /transfo(?:rmer)?-?xl/i,
    norm: 'layer',
    gated: false,
    bias: { qkv: false, out: false, feedForward: true, head: true },
    tied: true,
  },
  { family: 'qwen3', pattern: /qwen-?3/i, norm: 'rms', gated: true, bias: none, qkNorm: 'head' },
  { family: 'qwen2', pattern: /qwen-?(1\.5|2)|ui-tars/i, norm: 'rms', gated: true, bias: queryKeyValue },
  { family: 'qwen', pattern: /qwen/i, norm: 'rms', gated: true, bias: queryKeyValue },
  { family: 'llama', pattern: /./, norm: 'rms', gated: true, bias: none },
];

const familyOf = (name: string): Family => families.find(({ pattern }) => pattern.test(name)) as Family;

/** Words for a model of which only some layers are run. */
const fewerLayers = /[\s-]*\bcut to \d+ layers\b/i;

/** Spellings under which a table may have a model that a run calls `name`. */
export function spellings(name: string): readonly string[] {
  const plain = name
    .replace(/\s*\([^)]*\)/g, '')
    .replace(fewerLayers, '')
    .replace(/(\dB)x(\d+E)\b/, '$1-$2')
    .trim();
  const dashed = plain.replace(/\s+/g, '-');
  // A size behind a name that tells it already ("phi-1.5 1.3B").
  const unsized = plain.replace(/\s+\d+(?:\.\d+)?[MB]$/, '').replace(/\s+/g, '-');
  const bare = dashed.replace(
    /-(chat|instruct|base|it|awq|gptq|int[48]|fp8|fp?16|rl|sft|linearized|dequantized|bnb|nf4|bf16|\d{4}|q\d_\w+)(?=-|$)/gi,
    '',
  );
  // What a model was made of stands behind it ("zephyr-7b (Mistral-7B)").
  const origin = /\(([^)]+)\)/.exec(name)?.[1] ?? name;
  // Words behind a name tell its packing, or another name ("DeepSeek-R1 / V3").
  const [first = plain] = plain.split(/\s+(?=\/|q\d_|nvfp4|mxfp4|fp8|f16|bf16|awq|gptq|gguf)/i);
  return [...new Set([name, plain, dashed, bare, unsized, origin, first])];
}

/** Vision towers beside language models: Qwen2-VL and Qwen2.5-VL (675 M), InternVL's small one (304 M). */
const visionTowers: readonly (readonly [RegExp, number])[] = [
  [/qwen-?(2|2\.5)-?vl|ui-tars/i, 676e6],
  [/qwen-?3-?(vl|omni)/i, 576e6],
  [/internvl/i, 304e6],
];

/** The model of a case: the table's entry where name and dimensions agree, else the dimensions that the case states. */
export function modelOf(model: unknown, catalog: Catalog, context?: string): ModelSpec {
  const sheet = sheetOf(model);
  const name = sheet.text('name') ?? '';
  const arch = sheet.sheet('arch');
  const entry = spellings(name)
    .map((one) => catalog.model(one))
    .find((one) => one !== undefined && agrees(one.architecture, arch, fewerLayers.test(name)));
  const origin = {
    kind: 'table',
    table: 'models',
    row: entry?.id ?? name,
    source: entry?.source ?? 'the run',
  } as const;
  // The count of a table's model of both kinds has the tower in it.
  const tower =
    entry?.modelKind === 'vision-language' ? undefined : visionTowers.find(([pattern]) => pattern.test(name))?.[1];
  const named = {
    name: exact(name, origin),
    ...(tower === undefined ? {} : { frozenParameters: exact(tower, origin) }),
  };
  if (entry?.architecture && fewerLayers.test(name)) {
    return {
      ...named,
      architecture: exact(cut(entry.architecture, arch), origin),
      parameters: unknown('counted from the dimensions'),
    };
  }
  if (entry?.architecture) {
    return {
      ...named,
      architecture: exact(adjusted(entry.architecture, arch), origin),
      // A text encoder that is trained with a UNet is in the stated count alone.
      parameters: 'denoises' in entry.architecture && sheet.has('params') ? statedSize(sheet, name) : entry.parameters,
      ...(entry.activeParameters === undefined ? {} : { activeParameters: exact(entry.activeParameters, origin) }),
    };
  }
  const shape = shapeOf(`${name} ${context ?? ''}`, arch);
  const active = entry?.activeParameters ?? activeSize(name);
  return {
    ...named,
    architecture: shape ? exact(shape, origin) : unknown('no dimensions are stated'),
    ...(shape && guessesWidth(arch, shape.feedForward.gated) ? { guessedWidth: true } : {}),
    parameters: entry?.parameters ?? (shape ? unknown('counted from the dimensions') : statedSize(sheet, name)),
    ...(active === undefined || shape ? {} : { activeParameters: exact(active, origin) }),
  };
}

/** "A3B": the parameters that one token passes, as a mixture's name spells them. */
function activeSize(name: string): number | undefined {
  const found = /-A(\d+(?:\.\d+)?)B/i.exec(name);
  return found ? Number(found[1]) * 1e9 : undefined;
}

/** Whether the width that most of the weights lie in is our guess: four times the hidden size is the rule where nothing is gated. */
function guessesWidth(arch: Sheet, gated: boolean): boolean {
  if (arch.has('moe_intermediate')) return false;
  // One width beside experts may be that of the dense layers.
  return arch.has('experts') || (gated && !arch.has('intermediate'));
}

/** A table's shape holds where no stated dimension contradicts it; stacks of two are counted together or one by one. */
function agrees(shape: Architecture | undefined, arch: Sheet, cutShort = false): boolean {
  if (!shape || !isTransformer(shape)) return true;
  const hidden = arch.number('hidden');
  const layers = arch.number('layers');
  const both = shape.layers + (shape.decoderLayers ?? 0);
  return (
    (hidden === undefined || hidden === shape.hidden) &&
    (layers === undefined || layers === shape.layers || layers === both || (cutShort && layers < shape.layers))
  );
}

/** The table's shape with as many layers as are run. */
function cut(shape: Architecture, arch: Sheet): Architecture {
  const adjustedShape = adjusted(shape, arch);
  if (!isTransformer(adjustedShape)) return adjustedShape;
  return { ...adjustedShape, layers: arch.number('layers') ?? adjustedShape.layers };
}

/** The table's shape with a padded vocabulary where the run states one. */
function adjusted(shape: Architecture, arch: Sheet): Architecture {
  if (!isTransformer(shape)) return shape;
  const vocabulary = arch.number('vocab');
  return { ...shape, ...(vocabulary === undefined ? {} : { vocabulary }), ...headOf(shape.kind) };
}

/** Encoders are tuned to tell classes, and recipes that pre-train them give the head the masked tokens alone. */
function headOf(kind: TransformerShape['kind']): Pick<TransformerShape, 'outputs'> {
  return kind === 'encoder' ? { outputs: 'classes' } : {};
}

/** Parameters that the case or the name states, as a range of what names leave open. */
function statedSize(sheet: Sheet, name: string): Known<number> {
  const count = sheet.number('params');
  if (count !== undefined) return exact(count, { kind: 'setting', key: 'case' });
  const stated = parametersFromName(sheet.text('params') ?? '');
  return stated.kind === 'unknown' ? parametersFromName(name.replace(/\s+/g, '-')) : stated;
}

/** Networks whose layers keep a state: what a token costs is in their matrices. */
const recurrent = /\b(?:lstm|gru|rnn)\b/i;

/** A transformer from stated dimensions, the rest as its family has it. */
function shapeOf(name: string, arch: Sheet): TransformerShape | undefined {
  const hidden = arch.number('hidden');
  const counted = arch.number('layers');
  if (hidden === undefined || counted === undefined) return undefined;
  const f = familyOf(name);
  // Runs of models with two stacks state the layers of both.
  const stacks = f.family === 'bart' && counted % 2 === 0 ? 2 : 1;
  const layers = counted / stacks;
  const heads = arch.number('heads') ?? Math.max(1, Math.round(hidden / 128));
  const width = arch.number('intermediate') ?? (f.gated ? Math.round((8 * hidden) / 3) : 4 * hidden);
  const experts = arch.number('experts');
  const patch = arch.number('patch');
  const qk = f.qkNorm;
  return {
    family: f.family,
    kind: f.kind ?? 'decoder',
    hidden,
    layers,
    ...(stacks === 2 ? { decoderLayers: layers } : {}),
    attention: {
      // Recurrent networks hold no token against another.
      kind: recurrent.test(name) ? 'linear' : 'full',
      heads,
      kvHeads: arch.number('kv_heads') ?? heads,
      headDim: arch.number('head_dim') ?? hidden / heads,
      ...(qk ? { qkNorm: qk } : {}),
    },
    feedForward: {
      width,
      gated: f.gated,
      ...(experts
        ? {
            experts: {
              count: experts,
              perToken: arch.number('experts_per_token') ?? 2,
              width: arch.number('moe_intermediate') ?? arch.number('intermediate') ?? Math.round(hidden * 0.375),
              sharedWidth: 0,
              denseLayers: 0,
              step: 1,
            },
          }
        : {}),
    },
    vocabulary: f.kind === 'vit' ? 1000 : (arch.number('vocab') ?? 50304),
    tiedEmbeddings: arch.has('tied_embeddings') ? arch.flag('tied_embeddings') === true : (f.tied ?? false),
    learnedPositions: f.learnedPositions ?? 0,
    norm: f.norm,
    normsPerLayer: f.normsPerLayer ?? 2,
    finalNorm: f.kind !== 'encoder',
    embeddingNorm: f.embeddingNorm ?? false,
    bias: f.bias,
    ...(f.kind === 'vit' ? { image: { size: 224, patch: patch ?? 16 } } : {}),
    ...(f.kind === 'encoder' ? { tokenTypes: 2, pooler: true } : {}),
    ...headOf(f.kind ?? 'decoder'),
    ...(arch.number('seq_len') === undefined ? {} : { maximumPosition: arch.number('seq_len') as number }),
  };
}
