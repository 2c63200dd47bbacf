import { type ByteReader, readBytes } from './bytes.ts';
import type { NoShape } from './model-config.ts';
import { compact } from './rows.ts';

/** What the header of a GGUF file says. */
export interface GgufHeader {
  /** The dimensions under the names of a Hugging Face `config.json`. */
  readonly config: { readonly [key: string]: unknown };
  /** Weights in all; absent where the file is one of several or its header is longer than what was read. */
  readonly parameters?: number;
}

/** "GGUF" as a little-endian number. */
const magic = 0x46554747;
/** Sizes of the fixed value types by their number in the format; 8 is a string, 9 an array. */
const typeSizes: readonly (number | undefined)[] = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8];
/** More entries than these no model has. */
const most = 1_000_000;

/**
 * Reads the key-values and the tensor list at the beginning of a GGUF file, versions 2 and 3 (the layout is published
 * with ggml). Keys of the dimensions stand before the vocabulary, so that a cut header still tells them.
 */
export function readGguf(bytes: Uint8Array): GgufHeader | NoShape {
  const reader = readBytes(bytes);
  if (reader.u32() !== magic) return { reason: 'is no GGUF file' };
  const version = reader.u32();
  if (version !== 2 && version !== 3) return { reason: `is GGUF of version ${version}, which is not read` };
  const tensors = reader.u64();
  const pairs = reader.u64();
  const values = new Map<string, string | number>();
  for (let i = 0; i < Math.min(pairs, most) && !reader.over; i += 1) {
    const key = reader.text(reader.u64());
    const value = readValue(reader, reader.u32());
    if (value !== undefined && !reader.over) values.set(key, value);
    // The length of the vocabulary is told before its words: it is kept although they may be cut off.
    else if (value !== undefined && key === 'tokenizer.ggml.tokens') values.set(key, value);
  }
  const architecture = values.get('general.architecture');
  if (typeof architecture !== 'string') return { reason: 'names no architecture' };
  const list = Number(values.get('split.count') ?? 1) > 1 ? undefined : tensorsOf(reader, tensors);
  return {
    config: configOf(architecture, values, list),
    ...(list && { parameters: list.parameters }),
  };
}

/** A value: the number or the text, of an array its length; undefined where its type is none. */
function readValue(reader: ByteReader, type: number): string | number | undefined {
  if (type === 8) return reader.text(reader.u64());
  if (type === 9) {
    const of = reader.u32();
    const length = reader.u64();
    const size = typeSizes[of];
    if (size !== undefined) reader.skip(size * length);
    else for (let i = 0; i < length && !reader.over; i += 1) reader.skip(of === 8 ? reader.u64() : -1);
    return length;
  }
  if (type === 4) return reader.u32();
  if (type === 6) return reader.f32();
  if (type === 10) return reader.u64();
  reader.skip(typeSizes[type] ?? -1);
  return undefined;
}

interface TensorList {
  readonly parameters: number;
  readonly names: ReadonlySet<string>;
}

function tensorsOf(reader: ByteReader, count: number): TensorList | undefined {
  const names = new Set<string>();
  let parameters = 0;
  for (let i = 0; i < Math.min(count, most) && !reader.over; i += 1) {
    names.add(reader.text(reader.u64()));
    const sides = reader.u32();
    let size = 1;
    for (let side = 0; side < Math.min(sides, 8); side += 1) size *= reader.u64();
    parameters += size;
    reader.skip(4 + 8);
  }
  return reader.over || names.size === 0 || !Number.isSafeInteger(parameters) ? undefined : { parameters, names };
}

/** GGUF's names of architectures where they differ from the `model_type` of the same blocks. */
const modelTypes: Readonly<Record<string, string>> = {
  qwen2moe: 'qwen2_moe',
  qwen3moe: 'qwen3_moe',
  deepseek2: 'deepseek_v3',
  gptneox: 'gpt_neox',
  'command-r': 'cohere',
};

function configOf(
  architecture: string,
  values: ReadonlyMap<string, string | number>,
  list: TensorList | undefined,
): { readonly [key: string]: unknown } {
  const of = (key: string) => values.get(`${architecture}.${key}`);
  const experts = of('expert_count');
  const type = architecture === 'llama' && Number(experts ?? 0) > 0 ? 'mixtral' : architecture;
  return compact({
    model_type: modelTypes[type] ?? type,
    hidden_size: of('embedding_length'),
    num_hidden_layers: of('block_count'),
    num_attention_heads: of('attention.head_count'),
    num_key_value_heads: of('attention.head_count_kv'),
    head_dim: of('attention.key_length'),
    intermediate_size: of('feed_forward_length'),
    moe_intermediate_size: of('expert_feed_forward_length'),
    num_local_experts: experts,
    num_experts_per_tok: of('expert_used_count'),
    max_position_embeddings: of('context_length'),
    sliding_window: of('attention.sliding_window'),
    vocab_size: of('vocab_size') ?? values.get('tokenizer.ggml.tokens'),
    tie_word_embeddings: list && !list.names.has('output.weight'),
  });
}
