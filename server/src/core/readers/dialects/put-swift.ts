import { derived } from '../../facts/fact.ts';
import type { FactName, FactValues } from '../../facts/vocabulary.ts';
import { type Flag, flagNamed } from './flag.ts';
import { switchState } from './flag-rule.ts';
import { count } from './form.ts';
import { type Launch, programName } from './launcher.ts';
import { putWord } from './put-word.ts';
import { add, has, imply, type Sheet, valueOn } from './sheet.ts';

/** True for the training commands of ms-swift: `swift sft` over Transformers, `megatron sft` over Megatron Core. */
export function isSwift(launch: Launch): boolean {
  return /^(?:swift|megatron) (?:sft|pt|rlhf)\b/.test(programName(launch));
}

/** Flags of ms-swift that other programs give another meaning: the name and the author that the trained model tells of itself. */
export function withoutSelf(flags: readonly Flag[]): readonly Flag[] {
  return flags.filter(({ name }) => name !== 'model_name' && name !== 'model_author');
}

/** Methods of `rlhf` by `--rlhf_type`; those without a reference model are left to what the spec makes of them. */
const methods: Readonly<Record<string, string>> = {
  dpo: 'dpo',
  kto: 'kto',
  grpo: 'grpo',
  ppo: 'ppo',
  rm: 'reward',
  gkd: 'sft',
  simpo: 'sft',
  cpo: 'sft',
  orpo: 'sft',
};

const why = 'This follows from other flags of the command.';

/** Puts what ms-swift's commands say in ways of their own. */
export function putSwift(sheet: Sheet, launch: Launch, flags: readonly Flag[]): void {
  const method = flagNamed(flags, 'rlhf_type')?.value;
  const named = method && methods[method.text.toLowerCase()];
  if (method && named) imply(sheet, 'training.method', named, method.span, why);
  const stage = flagNamed(flags, 'deepspeed')?.value;
  const found = stage && /^zero([0-3])(_offload)?$/.exec(stage.text);
  if (stage && found) {
    imply(sheet, 'parallel.zero_stage', Number(found[1]), stage.span, why);
    if (found[2]) {
      imply(sheet, 'parallel.offload_optimizer', 'cpu', stage.span, why);
      if (found[1] === '3') imply(sheet, 'parallel.offload_params', 'cpu', stage.span, why);
    }
  }
  const task = flagNamed(flags, 'task_type')?.value;
  if (task && /^(?:seq_cls|embedding|reranker)$/.test(task.text)) imply(sheet, 'model.head', 'classes', task.span, why);
  putSamples(sheet, flags);
  // Its commands start themselves over by torchrun, as often as the variable says.
  const processes = launch.command.environment.get('NPROC_PER_NODE');
  if (processes && !has(sheet, 'hardware.gpus_per_node')) putWord(sheet, 'hardware.gpus_per_node', processes, count);
  const tuner = tunerOf(flags);
  // Adapters of the language model alone, or over attention in pieces, are adapters like others.
  if (tuner && tuner.unknown === undefined)
    imply(sheet, 'peft.method', tuner.text.toLowerCase().replace(/^(?:lora_llm|longlora)$/, 'lora'), tuner.span, why);
  const galore = flagNamed(flags, 'use_galore');
  if (galore && switchState(galore) === true) imply(sheet, 'optimizer.variant', 'galore', galore.word.span, why);
}

const tunerOf = (flags: readonly Flag[]) => flagNamed(flags, 'tuner_type', 'train_type', 'sft_type')?.value;

/** "org/name#500": so many samples of a dataset, added up where each of several says how many. */
function putSamples(sheet: Sheet, flags: readonly Flag[]): void {
  const values = flagNamed(flags, 'dataset')?.values ?? [];
  const counts = values.map(({ text, unknown }) => (unknown === undefined ? /#(\d+)$/.exec(text)?.[1] : undefined));
  const [first, ...rest] = values;
  if (!first || counts.some((count) => count === undefined)) return;
  const name = sheet.facts.findIndex((fact) => fact.name === 'data.dataset');
  if (name >= 0) sheet.facts[name] = derived('data.dataset', first.text.replace(/#\d+$/, ''), first.span);
  const sum = counts.reduce((all, count) => all + Number(count), 0);
  if (sum > 0) add(sheet, 'data.num_examples', sum, first.span, true, ...rest.map(({ span }) => span));
}

/**
 * Puts what ms-swift 4.6 does where a command is silent (its command-line parameters): adapters of rank 8 on all linears, one sample a device,
 * every layer computed again, sixteen samples a step; under Megatron the core of attention, its own optimiser and a global batch of 16.
 * Last of all: what only a default says can still be written as a flag.
 */
export function putSwiftDefaults(sheet: Sheet, launch: Launch, flags: readonly Flag[]): void {
  const byDefault = <N extends FactName>(name: N, value: FactValues[N]) => {
    if (has(sheet, name)) return;
    sheet.facts.push({ name, value, origin: { kind: 'framework-default', framework: 'ms-swift', version: '4.6' } });
  };
  const megatron = /^megatron/.test(programName(launch));
  const tuner = tunerOf(flags);
  if (tuner ? /lora$|^lora_/i.test(tuner.text) : !megatron) {
    byDefault('peft.method', 'lora');
    byDefault('lora.r', 8);
    byDefault('lora.target_modules', 'all-linear');
  }
  byDefault('training.precision', 'bf16');
  byDefault('training.per_device_batch_size', 1);
  if (!megatron) {
    byDefault('training.gradient_checkpointing', true);
    if (!has(sheet, 'training.gradient_accumulation_steps') && valueOn(sheet, 'training.method') !== 'grpo')
      byDefault('training.global_batch_size', 16);
    return;
  }
  byDefault('training.global_batch_size', 16);
  byDefault('parallel.distributed_optimizer', true);
  const granularity = flagNamed(flags, 'recompute_granularity')?.value?.text;
  if (granularity === undefined) {
    byDefault('training.gradient_checkpointing', true);
    byDefault('training.recomputed_modules', ['core_attn']);
  }
}
