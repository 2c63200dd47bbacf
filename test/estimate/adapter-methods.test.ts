import { expect, test } from 'vitest';
import { layerBytes } from '#core/estimate/activations.ts';
import { adapterTargets } from '#core/estimate/adapter.ts';
import { adapterBuffers } from '#core/estimate/adapter-buffers.ts';
import { spelledBytes } from '#core/estimate/adapter-kept.ts';
import { methodOf, worked } from '#core/estimate/adapter-methods.ts';
import { adapterSaveBytes, savedTensors } from '#core/estimate/adapter-save.ts';
import { methodParameters } from '#core/estimate/adapter-trained.ts';
import type { AdapterPlan } from '#core/estimate/plan.ts';
import { readText } from './oracle.ts';
import { planOf } from './plans.ts';
import { decoder } from './shapes.ts';

interface Row {
  readonly method: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly tokens: number;
  readonly rank: number;
  readonly trained: number;
  readonly savedBytes: number;
  readonly kept: number;
}

const file = JSON.parse(readText('test/reference/oracle/layers/methods.json')) as {
  readonly columns: readonly (keyof Row)[];
  readonly rows: readonly (readonly unknown[])[];
};
const rows = file.rows.map((row) => Object.fromEntries(file.columns.map((key, i) => [key, row[i]])) as unknown as Row);

const base = (name: string) => (name === 'mica' ? 'lora' : name.replace(/ .*$/, ''));

/** One linear as the query of a decoder of one layer. */
function linear(row: Row): { readonly shape: ReturnType<typeof decoder>; readonly adapter: AdapterPlan } {
  const { inputs, outputs } = row;
  const size = { hidden: inputs, layers: 1, heads: 1, kvHeads: 1, headDim: outputs, width: inputs, vocabulary: 1000 };
  const method = base(row.method);
  const plain = method === 'lora' || method === 'dora';
  const adapter: AdapterPlan = {
    rank: row.rank,
    parameters: row.trained,
    targets: adapterTargets(['q_proj']),
    precision: 'fp32',
    decomposed: method === 'dora',
    ...(plain ? {} : { method }),
    savedModules: 0,
    frozenParameters: 0,
  };
  return { shape: decoder(size), adapter };
}

// Settings of their own in the table: block sizes, and a bank's vectors.
const own = new Set(['c3a', 'oft', 'road', 'vblora', 'waveft', 'osf', 'lokr', 'mica', 'ia3 feed-forward', 'adamss']);

test.each(rows.filter(({ tokens, method }) => tokens === 64 && !own.has(method)))(
  'trained parameters of $method at $rank, $inputs x $outputs',
  (row) => {
    const { shape, adapter } = linear(row);
    const counted = methodParameters(adapter.method ?? 'lora', shape, adapter.targets, row.rank, undefined);
    if (counted !== undefined) expect(Math.abs(counted / row.trained - 1)).toBeLessThan(0.002);
    else expect(row.trained).toBe(row.rank * (row.inputs + row.outputs) + (adapter.decomposed ? row.outputs : 0));
  },
);

test.each(rows.filter(({ tokens }) => tokens === 64))(
  'bytes that $method saves at $rank, $inputs x $outputs',
  (row) => {
    const { shape, adapter } = linear(row);
    const bytes = adapterSaveBytes({ ...planOf({}), shape, adapter });
    // Ranks that AdaLoRA prunes are still there at the start.
    expect(Math.abs(bytes / row.savedBytes - 1)).toBeLessThan(0.002);
  },
);

test('what a method keeps goes with tokens and weights as its operators have it', () => {
  const wrong: string[] = [];
  // Two keep the narrower of input and output, which the table has as half of each.
  const left = new Set(['ia3 feed-forward', 'mica', 'osf', 'randlora']);
  const found = rows.filter(({ method }) => !left.has(method));
  for (const [i, row] of found.entries()) {
    const next = found[i + 1];
    if (!next || next.method !== row.method || next.tokens <= row.tokens || next.inputs !== row.inputs) continue;
    const { kept, weights } = methodOf(linear(row).adapter);
    const [inputs, outputs, ranks] = kept;
    const token = 4 * (inputs * row.inputs + outputs * row.outputs + ranks * row.rank);
    const slope = (next.kept - row.kept) / (next.tokens - row.tokens);
    const rest = row.kept - slope * row.tokens;
    const spelled = weights ? weights.kept * worked(row, weights, row.rank) : 0;
    const size = row.inputs * row.outputs;
    // What is as small as the adapter itself is left away.
    if (
      Math.abs(token - slope) > 0.15 * Math.max(slope, row.outputs) ||
      Math.abs(spelled - rest) > Math.max(1.8 * size, 0.15 * rest)
    )
      wrong.push(
        `${row.method} ${row.inputs}x${row.outputs}: ${token} for ${slope}, ${spelled / size} for ${rest / size}`,
      );
  }
  expect(wrong).toEqual([]);
});

test.each([
  // Files of peft's method comparison: Llama 3.2 3B, query and value.
  ['adamss', 100, 293_888, 70_459_184],
  ['adaption_prompt', 8, 8_601_628, 17_210_384],
  ['delora', 32, 9_175_096, 37_417_520],
  ['frod', 8, 5_456_808, 62_611_680],
  ['glora', 8, 4_587_520, 19_204_328],
  ['p_tuning', 8, 28_382_208, 245_880],
  ['pvera', 256, 143_360, 10_025_160],
  ['randlora', 32, 9_289_728, 2_211_281_240],
  ['shira', 32, 9_175_040, 110_115_520],
  ['tinylora', 2, 64, 2_372_944],
  ['trainable_tokens', 8, 6144, 49_424],
  ['vera', 256, 129_024, 6_821_968],
])('a file of %s', (method, rank, parameters, size) => {
  const shape = decoder(
    { hidden: 3072, layers: 28, heads: 24, kvHeads: 8, width: 8192, vocabulary: 128256 },
    { tiedEmbeddings: true },
  );
  const narrow = method === 'adaption_prompt';
  const adapter: AdapterPlan = {
    rank,
    parameters,
    targets: adapterTargets(/prompt|tokens|tuning/.test(method) ? [] : ['q_proj', 'v_proj']),
    precision: narrow ? 'bf16' : 'fp32',
    decomposed: false,
    method,
    savedModules: 0,
    frozenParameters: 0,
  };
  const plan = { ...planOf({}), shape, adapter };
  const header = 130 * savedTensors(plan);
  expect(Math.abs((adapterSaveBytes(plan) + header) / size - 1)).toBeLessThan(0.01);
});

test.each([
  // Bytes of one token that autograd saves in a layer beside the frozen base's, and of the weights that it spells out.
  ['lora', 1600, 0],
  ['beft', 0, 0],
  ['miss', 64, 0],
  ['tinylora', 64, 0],
  ['road', 2048, 0],
  ['vera', 1088, 0],
  ['loha', 1536, 4 * 192 * 256],
  ['peanut', 1536, 8 * 192 * 256],
])('what %s keeps of query and value', (method, token, weights) => {
  const size = { hidden: 192, layers: 4, heads: 6, kvHeads: 2, headDim: 32, width: 320, vocabulary: 1000 };
  const shape = decoder(size);
  const adapted = (name: string): AdapterPlan => ({
    rank: 8,
    parameters: 1024,
    targets: adapterTargets(['q_proj', 'v_proj']),
    precision: 'fp32',
    decomposed: false,
    ...(name === 'lora' ? {} : { method: name }),
    savedModules: 0,
    frozenParameters: 0,
  });
  const base = planOf({});
  const of = (name: string) => ({ ...base, shape, adapter: adapted(name) });
  const bytes = (name: string) => {
    const { replicated, sharded } = layerBytes(of(name), shape, false);
    return replicated + sharded;
  };
  expect(bytes(method) - bytes('beft')).toBe(token);
  expect(spelledBytes(of(method)).kept).toBe(weights);
});

test.each([
  // Beside 6.31 to 6.32 GiB that methods of as few trained parameters hold between steps of Llama 3.2 3B: 6.64, 6.52 and 6.31.
  ['psoft', 256, 1_856_512, 0.27],
  ['shira', 32, 9_175_040, 0.07],
  ['vera', 256, 129_024, 0.006],
  ['lora', 32, 9_175_040, 0],
])('what %s holds beside what it trains, in GiB', (method, rank, parameters, held) => {
  const shape = decoder({ hidden: 3072, layers: 28, heads: 24, kvHeads: 8, width: 8192, vocabulary: 128256 });
  const adapter: AdapterPlan = {
    rank,
    parameters,
    targets: adapterTargets(['q_proj', 'v_proj']),
    precision: 'fp32',
    decomposed: false,
    ...(method === 'lora' ? {} : { method }),
    savedModules: 0,
    frozenParameters: 0,
  };
  expect(adapterBuffers({ ...planOf({}), shape, adapter }) / 2 ** 30).toBeCloseTo(held, 2);
});
