/** Normal forms of names that formats spell in many ways. Each function answers undefined for what it does not know. */

const precisions: Readonly<Record<string, string>> = {
  fp64: 'fp64',
  float64: 'fp64',
  '64': 'fp64',
  '64-true': 'fp64',
  fp32: 'fp32',
  float32: 'fp32',
  f32: 'fp32',
  float: 'fp32',
  full: 'fp32',
  '32': 'fp32',
  '32-true': 'fp32',
  tf32: 'tf32',
  tensorfloat32: 'tf32',
  fp16: 'fp16',
  float16: 'fp16',
  f16: 'fp16',
  half: 'fp16',
  amp: 'fp16',
  use_amp: 'fp16',
  amp_fp16: 'fp16',
  mixed_float16: 'fp16',
  '16': 'fp16',
  '16-mixed': 'fp16',
  '16-true': 'fp16',
  bf16: 'bf16',
  bfloat16: 'bf16',
  bfloat: 'bf16',
  amp_bf16: 'bf16',
  mixed_bfloat16: 'bf16',
  pure_bf16: 'bf16',
  'bf16-mixed': 'bf16',
  'bf16-true': 'bf16',
  fp8: 'fp8',
  float8: 'fp8',
  amp_fp8: 'fp8',
  fp8_e4m3: 'fp8',
  fp8_e5m2: 'fp8',
  fp8_hybrid: 'fp8',
  float8_e4m3fn: 'fp8',
  float8_e5m2: 'fp8',
  'transformer-engine': 'fp8',
  nvfp4: 'nvfp4',
  mxfp4: 'mxfp4',
  int8: 'int8',
  '8bit': 'int8',
  int4: 'int4',
  '4bit': 'int4',
};

/** A precision as the vocabulary spells it (bf16, fp16, fp32, fp8 ...), from any framework's word for it. */
export function toPrecision(text: string): string | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/^(?:torch|jnp|jax\.numpy|np|numpy|tf|dtype|precisiontype|precision)\./, '');
  return precisions[word] ?? precisions[word.replaceAll('_', '-')] ?? precisions[word.replaceAll('-', '_')];
}

/** Optimiser families that fold into one name; keys are lower case without separators. */
const optimizers: Readonly<Record<string, string>> = {
  adamwtorch: 'adamw',
  adamwtorchfused: 'adamw',
  adamwtorchforeach: 'adamw',
  adamwtorchxla: 'adamw',
  adamwtorchnpufused: 'adamw',
  adamwapexfused: 'adamw',
  adamwhf: 'adamw',
  adamwfused: 'adamw',
  fusedadamw: 'adamw',
  adamw8bit: 'adamw_8bit',
  adamwbnb8bit: 'adamw_8bit',
  adamwtorch8bit: 'adamw_8bit',
  adamwtorch4bit: 'adamw_4bit',
  adamw4bit: 'adamw_4bit',
  pagedadamw: 'paged_adamw_32bit',
  pagedadamw32bit: 'paged_adamw_32bit',
  pagedadamw8bit: 'paged_adamw_8bit',
  pagedadam8bit: 'paged_adam_8bit',
  pagedademamix8bit: 'paged_ademamix_8bit',
  pagedademamix32bit: 'paged_ademamix_32bit',
  adam8bit: 'adam_8bit',
  fusedadam: 'adam',
  adamfused: 'adam',
  cpuadam: 'adam',
  deepspeedcpuadam: 'adam',
  lion8bit: 'lion_8bit',
  lion32bit: 'lion',
  pagedlion: 'paged_lion_32bit',
  pagedlion8bit: 'paged_lion_8bit',
  pagedlion32bit: 'paged_lion_32bit',
  decoupledadamw: 'decoupled_adamw',
  decoupledlionw: 'decoupled_lionw',
  distributedfusedadam: 'distributed_fused_adam',
  mcoredistributedoptim: 'distributed_fused_adam',
  rmspropbnb: 'rmsprop',
};

/** An optimiser's normal name, from a class path (`torch.optim.AdamW`) or a framework's option (`adamw_bnb_8bit`). */
export function toOptimizer(text: string): string | undefined {
  const last = text.trim().split('.').at(-1)?.toLowerCase() ?? '';
  if (last === '' || !/^[a-z0-9][a-z0-9_-]*$/.test(last)) return undefined;
  const bare = last.replace(/^galore_|_layerwise$/g, '');
  return optimizers[bare.replace(/[_-]/g, '')] ?? bare.replaceAll('-', '_');
}

/** The modifier on top of an optimiser (`galore_adamw` is AdamW with GaLore). */
export function toOptimizerVariant(text: string): string | undefined {
  return /(?:^|\.)galore_/i.test(text) ? 'galore' : undefined;
}

const schedulers: Readonly<Record<string, string>> = {
  steplr: 'step',
  onecyclelr: 'onecycle',
  onecycle: 'onecycle',
  one_cycle: 'onecycle',
  cosineannealinglr: 'cosine',
  cosineannealing: 'cosine',
  linearlr: 'linear',
  constantlr: 'constant',
  exponentiallr: 'exponential',
  polynomiallr: 'polynomial',
  multisteplr: 'multistep',
  reducelronplateau: 'reduce_lr_on_plateau',
};

/** A schedule's normal name, from a class path, a `get_..._schedule` function or an option. */
export function toScheduler(text: string): string | undefined {
  const last = text.trim().split('.').at(-1)?.toLowerCase() ?? '';
  if (last === '' || !/^[a-z0-9][a-z0-9_ -]*$/.test(last)) return undefined;
  const bare = last.replace(/^get_(.*?)_schedule(?:_with_warmup)?$/, '$1').replace(/[ -]/g, '_');
  return schedulers[bare] ?? bare;
}

/** A truth value, however it is written: a boolean, 0 or 1, `yes`, `on`, `True`, `None`-free text. */
export function toFlag(value: string | number | boolean): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = String(value).trim().toLowerCase();
  if (/^(?:true|yes|on|1|enable|enabled)$/.test(word)) return true;
  if (/^(?:false|no|off|0|disable|disabled)$/.test(word)) return false;
  return undefined;
}

/** A number as text: `1e-4`, `30_000`, `2.`, with spaces around; undefined for anything else. */
export function toNumber(value: string | number): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const word = value.trim();
  if (!/^[-+]?(?:\.\d[\d_]*|\d[\d_]*\.?[\d_]*)(?:[eE][-+]?\d+)?$/.test(word)) return undefined;
  return Number(word.replaceAll('_', ''));
}

const estimators: Readonly<Record<string, string>> = {
  gae: 'ppo',
  grpo: 'grpo',
  grpo_passk: 'grpo',
  dr_grpo: 'grpo',
  group_norm: 'grpo',
  gspo: 'grpo',
  rloo: 'rloo',
  remax: 'remax',
  reinforce: 'reinforce',
  reinforce_plus_plus: 'reinforce',
  reinforce_plus_plus_baseline: 'reinforce',
  reinforce_baseline: 'reinforce',
};

/** The method of reinforcement learning that an advantage estimator stands for (`gae` is PPO's). */
export function estimatorMethod(text: string): string | undefined {
  return estimators[text.trim().toLowerCase().replaceAll('-', '_')];
}
