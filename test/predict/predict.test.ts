import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogTables, createCatalog } from '#core/catalog/decode.ts';
import { type PredictCase, predict } from '#core/predict/index.ts';

function tableText(name: string): string | undefined {
  const urls = ['pricing-data', 'model-data'].map((folder) => new URL(`../../${folder}/${name}.json`, import.meta.url));
  const found = urls.find((url) => existsSync(url));
  return found && readFileSync(found, 'utf8');
}

const tables = Object.fromEntries(catalogTables.map((name) => [name, tableText(name)]));
const catalog = createCatalog(tables).value;
const runs: readonly PredictCase[] = readFileSync(new URL('../reference/runs.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));

test('what was measured does not move what is predicted', () => {
  for (const run of runs.filter((_, index) => index % 20 === 0)) {
    const measured = Object.fromEntries(
      Object.entries(run.measured as Record<string, unknown>).map(([key, value]) => [
        key,
        typeof value === 'number' ? value * 3 + 1 : value,
      ]),
    );
    expect(predict({ ...run, measured }, catalog)).toEqual(predict(run, catalog));
  }
});

test('every answer is an ordered range of finite numbers', () => {
  for (const run of runs.filter((_, index) => index % 3 === 0)) {
    for (const [key, { low, likely, high }] of Object.entries(predict(run, catalog).predicted)) {
      expect(low <= likely && likely <= high && Number.isFinite(high), `${run.id} ${key}`).toBe(true);
    }
  }
});

test('a case of any content is answered or refused, never thrown at', () => {
  const anything = fc.anything({ maxDepth: 2 });
  const cases = fc.record({
    id: fc.string(),
    task: fc.constantFrom('finetune', 'lora', 'inference', 'kvcache', 'checkpoint', 'nonsense'),
    model: fc.oneof(anything, fc.record({ name: fc.string(), arch: anything })),
    framework: fc.string(),
    hardware: anything,
    config: fc.oneof(anything, fc.record({ precision: fc.string(), micro_batch_per_gpu: fc.double(), lora: anything })),
    measured: anything,
  });
  fc.assert(
    fc.property(cases, (one) => {
      expect(predict(one, catalog).id).toBe(one.id);
    }),
    { numRuns: 300, seed: 11 },
  );
});

const asked = (change: Partial<PredictCase>): PredictCase => ({
  id: 'one',
  task: 'qlora',
  framework: 'unsloth',
  model: { name: 'Llama-3.1-8B-Instruct' },
  hardware: { gpu: '24 GB VRAM (card not named)', gpu_memory_gb: 24, gpus_per_node: 1, nodes: 1 },
  config: { quantization: 'bnb 4-bit', micro_batch_per_gpu: 1, lora: { r: 32 }, activation_checkpointing: true },
  measured: { max_seq_len_that_fits: 1 },
  ...change,
});

test('the longest sample that fits is longer on a larger card, and where no logits are kept', () => {
  const longest = (change: Partial<PredictCase>) =>
    predict(asked(change), catalog).predicted['max_seq_len_that_fits']?.likely ?? 0;
  const larger = { gpu: '48 GB VRAM (card not named)', gpu_memory_gb: 48, gpus_per_node: 1, nodes: 1 };
  const plain = longest({ framework: 'transformers + PEFT' });
  expect(plain).toBeGreaterThan(4000);
  expect(longest({})).toBeGreaterThan(2.5 * plain);
  expect(longest({ hardware: larger })).toBeGreaterThan(2 * longest({}));
});

test('no largest batch is told of a loop whose text lengths nobody tells', () => {
  const loop = {
    task: 'inference',
    framework: 'DeepSpeed',
    model: { name: 'OPT-13B' },
    hardware: { gpu: 'V100-32GB', gpu_memory_gb: 32, gpus_per_node: 1, nodes: 1 },
    measured: { max_batch_that_fits: 1 },
  };
  const most = (config: NonNullable<PredictCase['config']>) =>
    predict(asked({ ...loop, config }), catalog).predicted['max_batch_that_fits']?.likely;
  expect(most({ precision: 'fp16' })).toBeUndefined();
  expect(most({ precision: 'fp16', input_len: 512, output_len: 128 })).toBeLessThan(64);
});

test('Liger is told by a flag, a plugin, or the words for the framework', () => {
  const peak = (framework: string, config: object) =>
    predict(
      asked({
        task: 'lora',
        framework,
        hardware: { gpu: 'H200-141GB', gpu_memory_gb: 141, gpus_per_node: 1, nodes: 1 },
        config: {
          precision: 'bf16',
          micro_batch_per_gpu: 4,
          seq_len: 4096,
          activation_checkpointing: true,
          lora: { r: 16 },
          ...config,
        },
        measured: { peak_memory_gb: 1 },
      }),
      catalog,
    ).predicted['peak_memory_gb']?.likely ?? 0;
  const plain = peak('TRL SFTTrainer', {});
  const fused = peak('TRL SFTTrainer', { liger: true });
  expect(fused).toBeLessThan(0.9 * plain);
  expect(peak('TRL SFTTrainer + liger-kernel', {})).toBe(fused);
  expect(peak('TRL SFTTrainer', { framework_config: 'fast-kernels-liger' })).toBe(fused);
  expect(peak('TRL SFTTrainer', { plugins: ['axolotl.integrations.liger.LigerPlugin'] })).toBe(fused);
  expect(peak('TRL SFTTrainer + liger-kernel', { liger: false })).toBe(plain);
});

test('a card without a name is told by its generation and memory, and a core of a chip is half of it', () => {
  const rate = (gpu: string) =>
    predict(
      asked({
        task: 'pretrain',
        framework: 'torchtitan',
        hardware: { gpu, gpus_per_node: 1, nodes: 1 },
        config: { precision: 'bf16', micro_batch_per_gpu: 1, seq_len: 2048 },
        measured: { tokens_per_sec_per_gpu: 1 },
      }),
      catalog,
    ).predicted['tokens_per_sec_per_gpu']?.likely ?? 0;
  expect(rate('not named (184.3 GiB, Blackwell)')).toBe(rate('GB200'));
  expect(rate('80 GB Hopper card')).toBe(rate('H100-SXM'));
  expect(rate('AWS Trainium1 NeuronCore (half a chip)') / rate('Trainium1')).toBeCloseTo(0.5, 1);
});

test('a release of vLLM is told by its month', () => {
  const tokens = (framework: string) =>
    predict(
      asked({
        task: 'kvcache',
        framework,
        hardware: { gpu: 'A100-80GB', gpu_memory_gb: 80, gpus_per_node: 1, nodes: 1 },
        config: { precision: 'bf16', gpu_memory_utilization: 0.5 },
        measured: { kv_cache_tokens: 1 },
      }),
      catalog,
    ).predicted['kv_cache_tokens']?.likely;
  expect(tokens('vLLM (Sept 2025)')).toBe(tokens('vLLM 0.10.1'));
  expect(tokens('vLLM (2023)')).toBe(tokens('vLLM 0.2.3'));
});

test('"AMP" and "mixed" alone are autocast in the format of the card', () => {
  const rate = (precision: string, gpu = 'A100-40GB') =>
    predict(
      asked({
        task: 'vision-train',
        framework: 'PyTorch',
        model: { name: 'resnet50' },
        hardware: { gpu, gpus_per_node: 1, nodes: 1 },
        config: { precision, micro_batch_per_gpu: 256, image_size: 224 },
        measured: { samples_per_sec: 1 },
      }),
      catalog,
    ).predicted['samples_per_sec']?.likely;
  expect(rate('AMP')).toBe(rate('fp16 mixed'));
  expect(rate('mixed')).toBe(rate('fp16 mixed'));
  expect(rate('AMP', 'Gaudi2')).toBe(rate('bf16 mixed', 'Gaudi2'));
  expect(rate('fp32')).toBe(rate('tf32'));
});

test('the verdict is by the likely figure and what the card has; a run that prints its peak had no more', () => {
  const full = (gpu: string, measured: object) =>
    predict(
      asked({
        task: 'finetune',
        framework: 'transformers Trainer',
        hardware: { gpu, gpus_per_node: 1, nodes: 1 },
        config: { precision: 'bf16-true', micro_batch_per_gpu: 1, seq_len: 512, optimizer: 'AdamW' },
        measured,
      }),
      catalog,
    );
  expect(full('A100-40GB', { oom: true }).fits).toBe(false);
  expect(full('H200-141GB', { oom: true }).fits).toBe(true);
  const printed = full('A100-40GB', { peak_memory_gb: 1, memory_unit: 'GiB' }).predicted['peak_memory_gb'];
  expect(printed?.high).toBeLessThan(40);
});

test('adapted linears are told by a list or in words', () => {
  const peak = (targets: unknown) =>
    predict(
      asked({
        task: 'lora',
        framework: 'transformers + PEFT',
        config: { precision: 'bf16', micro_batch_per_gpu: 1, seq_len: 512, lora: { r: 64, targets } },
        hardware: { gpu: 'A100-80GB', gpus_per_node: 1, nodes: 1 },
        measured: { peak_memory_gb: 1 },
      }),
      catalog,
    ).predicted['peak_memory_gb']?.likely ?? 0;
  expect(peak('q_proj v_proj')).toBe(peak(['q_proj', 'v_proj']));
  expect(peak('all linear')).toBe(peak(['all-linear']));
  expect(peak('all linear')).toBeGreaterThan(peak('q_proj v_proj'));
});

test('what no precision is stated for is computed as its weights lie', () => {
  const peak = (config: object) =>
    predict(
      asked({
        task: 'finetune',
        framework: 'transformers',
        model: { name: 'roberta-large' },
        hardware: {},
        config: { micro_batch_per_gpu: 64, seq_len: 96, ...config },
        measured: { peak_memory_gb: 1 },
      }),
      catalog,
    ).predicted['peak_memory_gb']?.likely ?? 0;
  expect(peak({}) / peak({ precision: 'fp32' })).toBeGreaterThan(0.85);
  expect(peak({}) / peak({ precision: 'bf16' })).toBeGreaterThan(1.2);
});

test('switches of a script count as what a run states', () => {
  const peak = (other_args: object) =>
    predict(
      asked({
        task: 'finetune',
        framework: 'ms-swift (transformers)',
        model: { name: 'Qwen2.5-3B' },
        hardware: { gpu: 'H200-141GB', gpus_per_node: 1, nodes: 1 },
        config: { precision: 'bf16', micro_batch_per_gpu: 1, seq_len: 16_384, tuner: 'full', other_args },
        measured: { peak_memory_gb: 1 },
      }),
      catalog,
    ).predicted['peak_memory_gb']?.likely ?? 0;
  const plain = peak({});
  expect(peak({ use_liger_kernel: 'true' })).toBeLessThan(0.9 * plain);
  expect(peak({ use_galore: 'true' })).toBeLessThan(plain);
  expect(peak({ optimizer_cpu_offload: 'true' })).toBeLessThan(plain);
});

test('a model that was replaced within months tells the release of transformers that made its whole logits', () => {
  const peak = (name: string, framework: string) =>
    predict(
      asked({
        task: 'inference',
        framework,
        model: { name },
        hardware: { gpu: 'A100-80GB', gpus_per_node: 1, nodes: 1 },
        config: { precision: 'bf16', batch: 1, input_len: 14_336, output_len: 2048 },
        measured: { peak_memory_gb: 1 },
      }),
      catalog,
    ).predicted['peak_memory_gb']?.likely ?? 0;
  expect(peak('Qwen1.5-0.5B-Chat', 'transformers')).toBe(peak('Qwen1.5-0.5B-Chat', 'transformers 4.37.0'));
  expect(peak('Qwen1.5-0.5B-Chat', 'transformers')).toBeGreaterThan(
    3 * peak('Qwen1.5-0.5B-Chat', 'transformers 4.50.0'),
  );
});
