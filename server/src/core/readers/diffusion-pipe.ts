import type { Reference } from '../facts/reading.ts';
import { type ConfigView, find } from './dialects/config-view.ts';
import { keyMapReader } from './dialects/dialect.ts';
import {
  count,
  flag,
  type KeyForm,
  mapped,
  names,
  number,
  plainOptimizer,
  precision,
  readOnly,
  text,
} from './dialects/key-form.ts';
import type { KeyTable } from './dialects/key-map.ts';

const formats = { bf16: 'bfloat16', fp16: 'float16', fp32: 'float32', fp8: 'float8' };

/** Networks that a model type means where its weights lie in a folder, whose name may tell the size. */
const byType: Readonly<Record<string, string>> = {
  hunyuan: 'hunyuanvideo-community/HunyuanVideo',
  'hunyuan-video': 'hunyuanvideo-community/HunyuanVideo',
  'ltx-video': 'Lightricks/LTX-Video',
  wan: 'Wan-AI/Wan2.1-T2V-14B',
  flux: 'black-forest-labs/FLUX.1-dev',
  sdxl: 'stabilityai/stable-diffusion-xl-base-1.0',
  sd3: 'stabilityai/stable-diffusion-3-medium',
  chroma: 'lodestones/Chroma',
  hidream: 'HiDream-ai/HiDream-I1-Full',
  qwen_image: 'Qwen/Qwen-Image',
};

/** Networks whose folders are called as they are published. */
const published = /^(?:Wan\d|HunyuanVideo|LTX-Video|CogVideoX|FLUX\.|Qwen-Image|stable-diffusion|Chroma|HiDream)/i;

/** The last part of a path, where it is the name of a published network. */
const folder: KeyForm = mapped(readOnly(text('model.name')), (_, value) => {
  const name = typeof value === 'string' ? (value.replace(/\/+$/, '').split('/').at(-1) ?? '') : '';
  return published.test(name) && !/\.(?:safetensors|ckpt|pth?|bin|gguf)$/.test(name)
    ? { value: name, derived: true }
    : undefined;
});
const type: KeyForm = mapped(readOnly(text('model.name')), (_, value) => {
  const name = byType[String(value)];
  return name === undefined ? undefined : { value: name, derived: true };
});
const narrow: KeyForm = mapped(readOnly(text('quantization.method')), (_, value) =>
  /^float8/.test(String(value)) ? { value: 'fp8', derived: true } : undefined,
);

/** Optimisers by the library that they come from (`adamw_optimi`, `AdamW8bitKahan`). */
const adam: KeyForm = mapped(plainOptimizer(), (answer, value) => {
  const name = String(value).toLowerCase();
  if (!name.startsWith('adamw')) return answer;
  return { value: /8-?bit/.test(name) ? 'adamw_8bit' : 'adamw', derived: name !== 'adamw' };
});

/** Keys of diffusion-pipe's configuration. */
const keys = {
  'model.ckpt_path': folder,
  'model.diffusers_path': folder,
  'model.type': type,
  'model.dtype': precision('model.dtype', formats),
  'model.transformer_dtype': narrow,
  'adapter.type': text('peft.method'),
  'adapter.rank': count('lora.r'),
  'optimizer.type': adam,
  'optimizer.lr': number('optimizer.lr'),
  'optimizer.betas': readOnly(names('optimizer.betas')),
  'optimizer.weight_decay': number('optimizer.weight_decay'),
  epochs: count('training.epochs'),
  micro_batch_size_per_gpu: count('training.per_device_batch_size'),
  gradient_accumulation_steps: count('training.gradient_accumulation_steps'),
  gradient_clipping: number('training.max_grad_norm'),
  warmup_steps: number('optimizer.warmup_steps'),
  pipeline_stages: count('parallel.pp'),
  activation_checkpointing: flag('training.gradient_checkpointing'),
  save_every_n_epochs: count('checkpoint.save_epochs'),
  save_every_n_steps: count('checkpoint.save_steps'),
  output_dir: text('checkpoint.output_dir'),
} satisfies KeyTable;

/** Configurations of diffusion-pipe, which name the file of their clips. */
export const reader = keyMapReader({
  id: 'diffusion-pipe',
  info: { title: 'diffusion-pipe', files: '*.toml with [model] type, micro_batch_size_per_gpu, dataset' },
  languages: ['toml'],
  mentions: /^micro_batch_size_per_gpu\s*=[\s\S]*^\[model\]/m,
  role: 'config',
  table: keys,
  anchors: ['micro_batch_size_per_gpu', 'model'],
  extra: (view) => references(view),
});

function references(view: ConfigView): readonly Reference[] {
  const node = find(view, 'dataset')?.node;
  if (node?.kind !== 'scalar' || typeof node.value !== 'string' || !/\.toml$/.test(node.value)) return [];
  return [{ path: node.value, role: 'config', span: node.span }];
}
