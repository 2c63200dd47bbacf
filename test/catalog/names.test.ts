import { describe, expect, it } from 'vitest';
import { parametersFromName } from '#core/catalog/model-name.ts';
import { likely } from '#core/workload/known.ts';
import { testCatalog } from './load.ts';

const catalog = testCatalog();

describe('an accelerator is found by the spelling of', () => {
  it.each([
    ['Slurm', 'gpu:h100:8', 'H100-SXM'],
    ['Slurm', 'gres/gpu:nvidia_a100_80gb_pcie:2', 'A100-80GB-PCIE'],
    ['Slurm', 'gpu:tesla_v100', 'V100-16GB'],
    ['SkyPilot', 'H100:8', 'H100-SXM'],
    ['SkyPilot', 'A100-80GB:4', 'A100-80GB-SXM'],
    ['SkyPilot', 'V100-32GB', 'V100-32GB'],
    ['SkyPilot', 'tpu-v5litepod-16', 'TPU-v5e'],
    ['dstack', 'A100:80GB:8', 'A100-80GB-SXM'],
    ['Kubernetes', 'nvidia.com/gpu.product=NVIDIA-A100-SXM4-40GB-SHARED', 'A100-40GB'],
    ['Kubernetes', 'NVIDIA-L40S', 'L40S'],
    ['GKE', 'nvidia-tesla-t4', 'T4'],
    ['GKE', 'nvidia-h100-mega-80gb', 'H100-SXM'],
    ['GKE', 'tpu-v5-lite-podslice', 'TPU-v5e'],
    ['Modal', 'H100!', 'H100-SXM'],
    ['Modal', 'B200+', 'B200'],
    ['RunPod', 'NVIDIA A100 80GB PCIe', 'A100-80GB-PCIE'],
    ['RunPod', 'NVIDIA RTX 6000 Ada Generation', 'RTX6000-Ada'],
    ['torch', 'NVIDIA A100-SXM4-80GB', 'A100-80GB-SXM'],
    ['torch', 'Tesla V100-SXM2-16GB', 'V100-16GB'],
    ['torch', 'NVIDIA GeForce RTX 3090', 'RTX3090'],
    ['torch', 'AMD Instinct MI300X', 'MI300X'],
    ['Ray', 'A100-40G', 'A100-40GB'],
    ['Ray', 'TPU-V4', 'TPU-v4'],
    ['facts', 'a100', 'A100-40GB'],
    ['facts', 'a100-80gb', 'A100-80GB-SXM'],
    ['facts', 'trainium1', 'Trainium1'],
    ['facts', 'tpu-v6e', 'TPU-v6e'],
    ['facts', 'mi300x', 'MI300X'],
    ['people', '8xH100', 'H100-SXM'],
    ['people', 'H100 80GB', 'H100-SXM'],
    ['people', 'H100 SXM', 'H100-SXM'],
    ['people', 'A100-40GB PCIe', 'A100-PCIE-40GB'],
    ['people', 'RTX 4090', 'RTX4090'],
    ['people', 'rtx_a6000', 'A6000'],
    ['people', 'TPU v6e (Trillium)', 'TPU-v6e'],
    ['people', 'MI300X-192GB', 'MI300X'],
  ])('%s: %s', (_, spelling, name) => {
    expect(catalog.accelerator(spelling)?.name).toBe(name);
  });

  it.each(['', 'gpu', 'gpu:8', 'cuda', 'cpu', 'H100-96GB', 'NVIDIA-H100-80GB-HBM3-MIG-1g.10gb', 'x'.repeat(9999)])(
    'none: %.40s',
    (spelling) => {
      expect(catalog.accelerator(spelling)).toBeUndefined();
      expect(catalog.nearestAccelerators(spelling).length).toBeLessThanOrEqual(3);
    },
  );

  it('and names the nearest where there is none', () => {
    expect(catalog.nearestAccelerators('H1000')).toContain('H100-SXM');
    expect(catalog.nearestAccelerators('A100-SXM-90GB')[0]).toBe('A100-80GB-SXM');
  });
});

describe('an instance is found', () => {
  it.each([
    ['ml.p4d.24xlarge', 'p4d.24xlarge'],
    ['STANDARD_nd96asr_v4', 'Standard_ND96asr_v4'],
    ['a2-highgpu-8g', 'a2-highgpu-8g'],
  ])('%s', (written, type) => expect(catalog.instance(written)?.type).toBe(type));
});

describe('a model is found', () => {
  it.each([
    ['gpt2', 'openai-community/gpt2'],
    ['META-LLAMA/llama-2-7b-HF', 'meta-llama/Llama-2-7b-hf'],
    ['/models/Llama-2-7b-hf/', 'meta-llama/Llama-2-7b-hf'],
    ['unsloth/Meta-Llama-3.1-8B-Instruct-bnb-4bit', 'meta-llama/Meta-Llama-3.1-8B'],
    ['TheBloke/Llama-2-7B-Chat-GPTQ', 'meta-llama/Llama-2-7b-chat-hf'],
    ['neuralmagic/Meta-Llama-3.1-70B-Instruct-FP8', 'meta-llama/Meta-Llama-3.1-70B'],
    ['unsloth/Qwen2.5-14B-Instruct-unsloth-bnb-4bit', 'Qwen/Qwen2.5-14B'],
    ['resnet50', 'timm/resnet50'],
    ['timm/resnet50.a1_in1k', 'timm/resnet50'],
    ['vit_b_16', 'torchvision/vit_b_16'],
    ['distilbert-base-uncased-finetuned-sst-2-english', 'distilbert/distilbert-base-uncased'],
    ['deepset/roberta-base-squad2', 'FacebookAI/roberta-base'],
    ['google/vit-base-patch16-224-in21k', 'google/vit-base-patch16-224'],
    ['sanchit-gandhi/whisper-small-hi', 'openai/whisper-small'],
    ['acme/Llama-3.1-8B-Ledger-v2', 'meta-llama/Meta-Llama-3.1-8B'],
    ['deepseek-ai/DeepSeek-V3-0324', 'deepseek-ai/DeepSeek-V3'],
    ['facebook/convnext-tiny-224', 'timm/convnext_tiny'],
    ['nvidia/segformer-b0-finetuned-ade-512-512', 'transformers/segformer-b0'],
    ['liuhaotian/llava-v1.5-7b', 'llava-hf/llava-1.5-7b-hf'],
  ])('%s', (written, id) => expect(catalog.model(written)?.id).toBe(id));

  it.each([
    ['facebook/nllb-200-distilled-600M', 'encoder-decoder', 615073792],
    ['google/byt5-small', 'encoder-decoder', 299637760],
    ['openai/whisper-large-v3-turbo', 'encoder-decoder', 808878080],
    ['Qwen/Qwen2.5-VL-7B-Instruct', 'decoder', 8292166656],
    ['HuggingFaceTB/SmolVLM-256M-Instruct', 'decoder', 256484928],
    ['databricks/dbrx-base', 'decoder', 131596523520],
    ['facebook/wav2vec2-base-960h', 'encoder', 94371712],
    ['facebook/esm2_t33_650M_UR50D', 'encoder', 651040661],
    ['intfloat/multilingual-e5-large', 'encoder', 559890432],
    ['openai/clip-vit-base-patch32', 'vit', 151277313],
    ['facebook/detr-resnet-50', 'vision', 41501895],
  ] as const)('with its blocks and the count of its class: %s', (id, kind, count) => {
    const entry = catalog.model(id);
    expect(entry?.architecture?.kind).toBe(kind);
    expect(entry && likely(entry.parameters)).toBe(count);
  });

  it('and says where it is led back to another row', () => {
    expect(catalog.model('unsloth/Meta-Llama-3.1-8B-Instruct-bnb-4bit')?.derivedFrom?.how).toBe(
      'is meta-llama/Meta-Llama-3.1-8B by its name without "-instruct-bnb-4bit"',
    );
    expect(catalog.model('gpt2')?.derivedFrom).toBeUndefined();
  });

  // What follows may make another model of it: a size, a kind, a version of a family.
  it.each([
    'gpt2-tiny',
    'acme/bert-base-uncased-7b',
    'acme/Qwen2.5-7B-Vision',
    'acme/gte-large-en-v9',
    'acme/Qwen2.5-7B-Multimodal',
    'acme/bert-base',
    'Qwen2.5-7B-0.5B-draft',
    'resnet50_clip',
  ])('none by its beginning: %s', (id) => {
    expect(catalog.model(id)).toBeUndefined();
  });

  it.each(['', 'my-org/secret-13b', 'model', '/workspace/out'])('none: %s', (id) => {
    expect(catalog.model(id)).toBeUndefined();
  });

  it.each([
    ['org/Some-13B-chat', 13e9],
    ['Qwen-1_8B', 1.8e9],
    ['tiny-350m', 0.35e9],
    ['Mix-8x7B', 0.82 * 56e9],
    ['New-30B-A3B', 30e9],
    ['GLM-9B-Chat-1M', 9e9],
  ])('or its size by its name: %s', (id, size) => {
    const known = parametersFromName(id);
    expect(known.kind === 'range' && known.likely).toBeCloseTo(size, -3);
  });

  it.each(['resnet50', 'gpt2', 'v0.3', 'llama'])('or no size where the name tells none: %s', (id) =>
    expect(parametersFromName(id).kind).toBe('unknown'),
  );
});

describe('a dataset is found', () => {
  const rows = (id: string, config?: string, split?: string) => catalog.dataset(id, config, split)?.examples;
  it('by id, alias, config and split', () => {
    expect(rows('stanfordnlp/imdb')).toMatchObject({ kind: 'exact', value: 25000 });
    expect(rows('IMDB', undefined, 'test')).toMatchObject({ value: 25000 });
    expect(rows('glue', 'sst2')).toMatchObject({ value: 67349 });
    expect(rows('HuggingFaceH4/ultrachat_200k')).toMatchObject({ value: 207865 });
    expect(rows('tatsu-lab/alpaca', undefined, 'train[:10%]')).toMatchObject({ value: 52002 });
  });
  it('or not, where several configs could be meant', () => {
    expect(rows('glue')).toBeUndefined();
    expect(rows('no/such-set')).toBeUndefined();
  });
});
