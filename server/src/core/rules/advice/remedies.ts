import type { SpecChange } from '../../readers/reader.ts';
import { likely } from '../../workload/known.ts';
import { type Proposal, statedValue } from '../propose.ts';
import type { RuleView } from '../rule.ts';
import { batchOf, splitBatch, splitTitle } from './batch.ts';

/** A way to need less memory; of several spellings of one change the first that a file takes is meant. */
export interface Remedy extends Proposal {
  /** Other facts that say the same, where a dialect lacks the first. */
  readonly or?: readonly (readonly SpecChange[])[];
  /** 0 leaves the result alone, 1 its rounding aside, 2 changes numerics or speed, 3 changes what is trained or on what. */
  readonly depth: 0 | 1 | 2 | 3;
}

/** Everything that makes a training job smaller, mildest first. */
export function trainingRemedies(view: RuleView): readonly Remedy[] {
  return [
    ...recompute(view),
    ...splits(view),
    ...kernels(view),
    ...sharding(view),
    ...optimizers(view),
    ...adapters(view),
    ...shorter(view),
  ];
}

/** Recomputation of every layer, of one that recomputes nothing yet. */
export function recompute({ spec }: RuleView): readonly Remedy[] {
  if (!spec.schedule || (likely(spec.recompute.mode) ?? 'none') !== 'none') return [];
  const changes: readonly SpecChange[] = [{ name: 'training.gradient_checkpointing', value: true }];
  return [{ title: 'Recompute activations', changes, safe: true, depth: 0 }];
}

/** Smaller micro batches with as much more accumulation. */
export function splits(view: RuleView): readonly Remedy[] {
  const batch = batchOf(view);
  if (!batch) return [];
  const sizes = [2, 4, 8, 16].filter((by) => batch.micro % by === 0).map((by) => batch.micro / by);
  return sizes.flatMap((micro): readonly Remedy[] => {
    const changes = splitBatch(view, micro);
    if (!changes) return [];
    return [{ title: splitTitle(view, micro), changes, safe: false, effect: 'same global batch', depth: 0 }];
  });
}

function kernels(view: RuleView): readonly Remedy[] {
  const { code, precision, model } = view.spec;
  const remedies: Remedy[] = [];
  const rounding = { safe: false, effect: 'changes rounding', depth: 1 } as const;
  if (likely(code.fusedLoss) !== true && view.estimate.memory?.terms.some((term) => term.part === 'logits')) {
    remedies.push({
      title: 'Fuse the loss with the output layer',
      changes: [{ name: 'training.fused_loss', value: true }],
      or: [[{ name: 'training.liger_kernel', value: true }]],
      ...rounding,
    });
  }
  const half = ['bf16', 'fp16'].includes(likely(precision.compute) ?? '');
  if (likely(code.attention) === 'eager' && likely(model.architecture) !== undefined) {
    const sdpa: readonly SpecChange[] = [{ name: 'model.attn_implementation', value: 'sdpa' }];
    const flash: readonly SpecChange[] = [{ name: 'model.attn_implementation', value: 'flash_attention_2' }];
    remedies.push({ title: 'Use fused attention', changes: sdpa, ...(half ? { or: [flash] } : {}), ...rounding });
  }
  return remedies;
}

function sharding({ spec, estimate }: RuleView): readonly Remedy[] {
  const { parallelism, adapter, model } = spec;
  const stage = likely(parallelism.zeroStage);
  const { implementation } = parallelism;
  const remedies: Remedy[] = [];
  if (implementation === 'deepspeed' && stage !== undefined && (estimate.devices ?? 1) > 1) {
    for (const to of [1, 2, 3].filter((one) => one > stage)) {
      const changes: readonly SpecChange[] = [{ name: 'parallel.zero_stage', value: to }];
      remedies.push({ title: `Shard at ZeRO stage ${to}`, changes, safe: false, effect: 'order of sums', depth: 1 });
    }
  }
  if (implementation.startsWith('fsdp') && stage !== undefined && stage < 3) {
    const changes: readonly SpecChange[] = [{ name: 'parallel.fsdp_sharding', value: 'full_shard' }];
    remedies.push({ title: 'Shard weights too', changes, safe: false, effect: 'order of sums', depth: 1 });
  }
  const host = { safe: false, effect: 'needs host memory', depth: 2 } as const;
  if (implementation === 'deepspeed' && (stage ?? 0) > 0 && likely(parallelism.offloadOptimizer) === 'none' && !adapter)
    remedies.push({
      title: 'Keep optimizer states on the host',
      changes: [{ name: 'parallel.offload_optimizer', value: 'cpu' }],
      ...host,
    });
  // Of quantised weights on the host only FSDP's are known to work (answer.ai's 70B on two 24 GB cards).
  const movable = implementation.startsWith('fsdp') || (stage === 3 && !model.quantization);
  if (movable && likely(parallelism.offloadParameters) === 'none')
    remedies.push({
      title: 'Keep weights on the host',
      changes: [{ name: 'parallel.offload_params', value: 'cpu' }],
      ...host,
    });
  return remedies;
}

function optimizers({ spec }: RuleView): readonly Remedy[] {
  if (!spec.optimizer || likely(spec.optimizer.name) !== 'adamw' || spec.adapter) return [];
  const changes: readonly SpecChange[] = [{ name: 'optimizer.name', value: 'adamw_8bit' }];
  const paged: readonly SpecChange[] = [{ name: 'optimizer.name', value: 'paged_adamw_8bit' }];
  return [{ title: 'Use 8-bit AdamW', changes, or: [paged], safe: false, effect: 'changes numerics', depth: 2 }];
}

/** Rank and scale that a new adapter is given: what peft's guides and the trainers' examples take. */
const newAdapter = { rank: 16, alpha: 32 } as const;

function adapters(view: RuleView): readonly Remedy[] {
  const { spec } = view;
  if (spec.task !== 'finetune' && spec.task !== 'dpo') return [];
  const quantize: SpecChange = { name: 'quantization.bits', value: 4 };
  if (spec.adapter) {
    if (spec.model.quantization) return [];
    const method: readonly SpecChange[] =
      statedValue(view, 'peft.method') === 'lora' ? [{ name: 'peft.method', value: 'qlora' }] : [];
    const effect = 'changes numerics';
    const title = 'Load the frozen weights in 4 bits';
    return [{ title, changes: [quantize], or: [[...method, quantize]], safe: false, effect, depth: 3 }];
  }
  const ranks: readonly SpecChange[] = [
    { name: 'lora.r', value: newAdapter.rank },
    { name: 'lora.alpha', value: newAdapter.alpha },
  ];
  const lora: readonly SpecChange[] = [{ name: 'peft.method', value: 'lora' }, ...ranks];
  const effect = 'trains adapters instead of all weights';
  return [
    { title: 'Train LoRA adapters', changes: lora, safe: false, effect, depth: 3 },
    { title: 'Train QLoRA adapters', changes: [...lora, quantize], safe: false, effect, depth: 3 },
  ];
}

/** Samples shorter than this are rarely what a language model is trained on. */
const shortest = 512;

function shorter(view: RuleView): readonly Remedy[] {
  const length = statedValue(view, 'data.seq_len');
  if (length === undefined || length % 2 !== 0 || length / 2 < shortest) return [];
  const changes: readonly SpecChange[] = [{ name: 'data.seq_len', value: length / 2 }];
  return [
    { title: `Sequences of ${length / 2} tokens`, changes, safe: false, effect: 'cuts longer samples', depth: 3 },
  ];
}

/** Everything that makes a served model smaller on each device. */
export function servingRemedies(view: RuleView): readonly Remedy[] {
  const { serving } = view.spec;
  const length = serving && likely(serving.maximumLength);
  const remedies: Remedy[] = [];
  if (length && statedValue(view, 'serving.max_model_len') !== undefined && length % 2 === 0) {
    const changes: readonly SpecChange[] = [{ name: 'serving.max_model_len', value: length / 2 }];
    const effect = 'longer requests are refused';
    remedies.push({ title: `Context of ${length / 2} tokens`, changes, safe: false, effect, depth: 3 });
  }
  const cards = likely(view.spec.resources.perNode) ?? 1;
  const ranks = likely(view.spec.parallelism.tensorParallel) ?? 1;
  const heads = likely(view.spec.model.architecture);
  const whole = heads && 'attention' in heads && heads.attention.heads % cards === 0;
  if (cards > ranks && whole) {
    const changes: readonly SpecChange[] = [{ name: 'serving.tp', value: cards }];
    remedies.push({ title: `Split over all ${cards} GPUs`, changes, safe: false, effect: 'order of sums', depth: 1 });
  }
  if (serving && !['fp8', 'int8'].includes(likely(serving.kvPrecision) ?? '')) {
    const changes: readonly SpecChange[] = [{ name: 'serving.kv_dtype', value: 'fp8' }];
    remedies.push({ title: 'Keep the KV cache in fp8', changes, safe: false, effect: 'changes numerics', depth: 2 });
  }
  return remedies;
}
