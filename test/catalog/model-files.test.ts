import { describe, expect, it } from 'vitest';
import { createCatalog } from '#core/catalog/decode.ts';
import { readGguf } from '#core/catalog/gguf.ts';
import type { ModelFiles } from '#core/catalog/model-files.ts';
import { readSafetensors } from '#core/catalog/safetensors.ts';
import { readCatalogTables } from './load.ts';

const ascii = (text: string) => Array.from(text, (sign) => sign.charCodeAt(0));
const whole = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 255n));

/** The beginning of a safetensors file with this header. */
function safetensors(header: unknown): Uint8Array {
  const text = ascii(JSON.stringify(header));
  return Uint8Array.from([...whole(text.length, 8), ...text]);
}

type Value = number | string | readonly string[];

/** The beginning of a GGUF file of version 3. */
function gguf(
  values: Readonly<Record<string, Value>>,
  tensors: Readonly<Record<string, readonly number[]>>,
): Uint8Array {
  const string = (text: string) => [...whole(text.length, 8), ...ascii(text)];
  const value = (one: Value) => {
    if (typeof one === 'number') return [...whole(4, 4), ...whole(one, 4)];
    if (typeof one === 'string') return [...whole(8, 4), ...string(one)];
    return [...whole(9, 4), ...whole(8, 4), ...whole(one.length, 8), ...one.flatMap(string)];
  };
  const tensor = ([name, sides]: readonly [string, readonly number[]]) => [
    ...string(name),
    ...whole(sides.length, 4),
    ...sides.flatMap((side) => whole(side, 8)),
    ...whole(1, 4),
    ...whole(0, 8),
  ];
  return Uint8Array.from([
    ...ascii('GGUF'),
    ...whole(3, 4),
    ...whole(Object.keys(tensors).length, 8),
    ...whole(Object.keys(values).length, 8),
    ...Object.entries(values).flatMap(([key, one]) => [...string(key), ...value(one)]),
    ...Object.entries(tensors).flatMap(tensor),
  ]);
}

const tiny = gguf(
  {
    'general.architecture': 'llama',
    'general.name': 'tiny',
    'llama.block_count': 4,
    'llama.embedding_length': 256,
    'llama.feed_forward_length': 688,
    'llama.attention.head_count': 8,
    'llama.attention.head_count_kv': 2,
    'llama.context_length': 2048,
    'tokenizer.ggml.tokens': ['<s>', 'a', 'b', 'c', 'd'],
  },
  { 'token_embd.weight': [256, 5], 'blk.0.attn_q.weight': [256, 256] },
);

describe('a safetensors header', () => {
  it('counts the weights', () => {
    const header = safetensors({
      __metadata__: { format: 'pt' },
      'embed.weight': { dtype: 'BF16', shape: [1000, 64], data_offsets: [0, 128000] },
      'norm.weight': { dtype: 'F32', shape: [64], data_offsets: [128000, 128256] },
    });
    expect(readSafetensors(header)).toEqual({ parameters: 64064, dtype: 'BF16' });
  });

  it.each([
    ['packed weights', safetensors({ w: { dtype: 'U8', shape: [9, 9] } }), 'packed weights (U8)'],
    ['a strange tensor', safetensors({ w: { dtype: 'BF16', shape: 'wide' } }), 'the tensor w'],
    ['nothing', new Uint8Array(), 'is no safetensors file'],
    ['a cut header', safetensors({ w: { dtype: 'BF16', shape: [9, 9] } }).slice(0, 20), 'longer header'],
    ['another file', Uint8Array.from(ascii('{"a": 1, "b": 2}')), 'is no safetensors file'],
  ])('says why it does not: %s', (_, bytes, reason) => {
    const header = readSafetensors(bytes);
    expect('reason' in header && header.reason).toContain(reason);
  });
});

describe('a GGUF header', () => {
  it('tells the dimensions and the count', () => {
    expect(readGguf(tiny)).toEqual({
      config: {
        model_type: 'llama',
        hidden_size: 256,
        num_hidden_layers: 4,
        num_attention_heads: 8,
        num_key_value_heads: 2,
        intermediate_size: 688,
        max_position_embeddings: 2048,
        vocab_size: 5,
        tie_word_embeddings: true,
      },
      parameters: 256 * 5 + 256 * 256,
    });
  });

  it('tells the dimensions where it is cut within the vocabulary', () => {
    const header = readGguf(tiny.slice(0, tiny.length - 130));
    expect(header).toMatchObject({ config: { hidden_size: 256, vocab_size: 5 } });
    expect(header).not.toHaveProperty('parameters');
  });

  it('never fails, wherever it is cut or spoilt', () => {
    for (let length = 0; length < tiny.length; length += 3) expect(readGguf(tiny.slice(0, length))).toBeDefined();
    for (let at = 4; at < tiny.length; at += 5) expect(readGguf(tiny.with(at, 255))).toBeDefined();
  });
});

describe('a model of this machine', () => {
  const config = JSON.stringify({
    model_type: 'llama',
    hidden_size: 512,
    num_hidden_layers: 6,
    num_attention_heads: 8,
    intermediate_size: 1376,
    vocab_size: 32000,
  });
  const at = (id: string, files: Omit<ModelFiles, 'id' | 'source'>): ModelFiles => ({
    id,
    source: 'the cache',
    ...files,
  });
  const { value: catalog } = createCatalog(readCatalogTables(), [
    at('ada/own', { config }),
    at('ada/adapter', { adapterConfig: '{"base_model_name_or_path":"ada/own"}' }),
    at('ada/ring', { adapterConfig: '{"base_model_name_or_path":"ada/circle"}' }),
    at('ada/circle', { adapterConfig: '{"base_model_name_or_path":"ada/ring"}' }),
    at('ada/tiny', { gguf: tiny }),
    at('ada/weights', { safetensors: [safetensors({ w: { dtype: 'F16', shape: [7, 9] } })] }),
    at('ada/broken', { config: '{' }),
    at('meta-llama/Llama-3.1-8B', { config }),
  ]);

  it('has the dimensions of its config.json', () => {
    expect(catalog.model('Ada/own')).toMatchObject({
      source: 'the cache',
      architecture: { kind: 'decoder', hidden: 512, layers: 6, vocabulary: 32000 },
    });
  });

  it('is its base where it is an adapter', () => {
    expect(catalog.model('ada/adapter')).toMatchObject({
      architecture: { hidden: 512 },
      derivedFrom: { id: 'ada/own' },
    });
    expect(catalog.model('ada/ring')).toBeUndefined();
  });

  it('has the dimensions of its GGUF header', () => {
    expect(catalog.model('ada/tiny')).toMatchObject({
      architecture: { hidden: 256, tiedEmbeddings: true },
      parameters: { kind: 'exact', value: 66816 },
    });
  });

  it('has at least the count of its weights', () => {
    const entry = catalog.model('ada/weights');
    expect(entry).toMatchObject({ parameters: { kind: 'exact', value: 63 } });
    expect(entry?.architecture).toBeUndefined();
  });

  it('gives way to the tables, and is unknown where nothing can be read', () => {
    expect(catalog.model('meta-llama/Llama-3.1-8B')).toMatchObject({ architecture: { hidden: 4096 } });
    expect(catalog.model('ada/broken')).toBeUndefined();
  });
});
