import type { FactName, FactValue } from '../../facts/vocabulary.ts';
import { lineBreak } from '../../source/lines.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { WriteResult } from '../reader.ts';
import type { Flag, Options } from './flag.ts';
import type { Launch } from './launcher.ts';
import { has, type Sheet } from './sheet.ts';

/** Programs whose flags are known, so that one can be added that the command lacks. */
export type ProgramFamily = 'hf' | 'diffusers' | 'megatron' | 'serving' | 'other';

/** How a fact is written as a new flag: the flag's name, and its value's text (`''` for a bare flag). */
type NewFlag = (value: FactValue) => readonly [string, string] | undefined;

const withValue =
  (name: string): NewFlag =>
  (value) => [name, String(value)];
const whenTrue =
  (name: string, text: string): NewFlag =>
  (value) =>
    value === true ? [name, text] : undefined;
const oneOf =
  (pairs: Readonly<Record<string, readonly [string, string]>>): NewFlag =>
  (value) =>
    pairs[String(value)];

const families: Readonly<Record<ProgramFamily, Readonly<Partial<Record<FactName, NewFlag>>>>> = {
  hf: {
    'training.per_device_batch_size': withValue('per_device_train_batch_size'),
    'training.gradient_accumulation_steps': withValue('gradient_accumulation_steps'),
    'training.gradient_checkpointing': whenTrue('gradient_checkpointing', 'True'),
    'training.precision': oneOf({ bf16: ['bf16', 'True'], fp16: ['fp16', 'True'] }),
    'training.tf32': whenTrue('tf32', 'True'),
    'training.compile': whenTrue('torch_compile', 'True'),
    'training.liger_kernel': whenTrue('use_liger_kernel', 'True'),
    'optimizer.name': oneOf({
      adamw: ['optim', 'adamw_torch_fused'],
      adamw_8bit: ['optim', 'adamw_bnb_8bit'],
      paged_adamw_8bit: ['optim', 'paged_adamw_8bit'],
      paged_adamw_32bit: ['optim', 'paged_adamw_32bit'],
      adafactor: ['optim', 'adafactor'],
    }),
    'checkpoint.save_strategy': withValue('save_strategy'),
    'checkpoint.save_steps': withValue('save_steps'),
    'checkpoint.save_total_limit': withValue('save_total_limit'),
    'data.num_workers': withValue('dataloader_num_workers'),
    'training.epochs': withValue('num_train_epochs'),
    'training.max_steps': withValue('max_steps'),
  },
  diffusers: {
    'training.gradient_accumulation_steps': withValue('gradient_accumulation_steps'),
    'training.gradient_checkpointing': whenTrue('gradient_checkpointing', ''),
    'training.precision': oneOf({ bf16: ['mixed_precision', 'bf16'], fp16: ['mixed_precision', 'fp16'] }),
    'training.tf32': whenTrue('allow_tf32', ''),
    'optimizer.name': oneOf({ adamw_8bit: ['use_8bit_adam', ''] }),
    'checkpoint.save_steps': withValue('checkpointing_steps'),
    'checkpoint.save_total_limit': withValue('checkpoints_total_limit'),
    'data.num_workers': withValue('dataloader_num_workers'),
    'training.max_steps': withValue('max_train_steps'),
  },
  megatron: {
    'training.per_device_batch_size': withValue('micro_batch_size'),
    'training.precision': oneOf({ bf16: ['bf16', ''], fp16: ['fp16', ''], fp8: ['fp8_format', 'hybrid'] }),
    'training.gradient_checkpointing': whenTrue('recompute_activations', ''),
    'parallel.distributed_optimizer': whenTrue('use_distributed_optimizer', ''),
    'parallel.sequence_parallel': whenTrue('sequence_parallel', ''),
    'parallel.tp': withValue('tensor_model_parallel_size'),
    'parallel.pp': withValue('pipeline_model_parallel_size'),
    'parallel.cp': withValue('context_parallel_size'),
    'parallel.ep': withValue('expert_model_parallel_size'),
    'model.attn_implementation': oneOf({ flash_attention_2: ['use_flash_attn', ''] }),
    'checkpoint.save_steps': withValue('save_interval'),
  },
  serving: {
    'serving.max_model_len': withValue('max_model_len'),
    'serving.max_num_seqs': withValue('max_num_seqs'),
    'serving.gpu_memory_utilization': withValue('gpu_memory_utilization'),
    'serving.kv_dtype': oneOf({ fp8: ['kv_cache_dtype', 'fp8'] }),
    'serving.dtype': oneOf({ bf16: ['dtype', 'bfloat16'], fp16: ['dtype', 'float16'] }),
    'serving.prefix_caching': whenTrue('enable_prefix_caching', ''),
    'quantization.method': withValue('quantization'),
    'parallel.tp': withValue('tensor_parallel_size'),
  },
  other: {},
};

const engineFamilies = /^vllm\b/;

/** Lets facts be set on which the command is silent: as a new flag after its last word, in its own style. */
export function allowFlags(sheet: Sheet, launch: Launch, options: Options, family: ProgramFamily): void {
  const known = family === 'serving' && !engineFamilies.test(launch.program.text) ? 'other' : family;
  for (const [name, spell] of Object.entries(families[known]) as readonly (readonly [FactName, NewFlag])[]) {
    if (has(sheet, name) || sheet.writers.has(name)) continue;
    sheet.writers.set(name, (value) => {
      const flag = spell(value);
      if (!flag) return { refused: `This program has no flag for ${String(value)} here.` };
      const standing = options.flags.find((one) => one.name === flag[0]);
      if (standing) return { refused: `\`${standing.word.text}\` stands there already with another meaning.` };
      return addFlag(sheet.file, launch, options.flags, flag[0], flag[1]);
    });
  }
}

function addFlag(file: SourceFile, launch: Launch, flags: readonly Flag[], name: string, value: string): WriteResult {
  const words = [launch.program, ...launch.words].filter((word) => word.at.uri === file.uri);
  const last = words.at(-1);
  const before = words.findLast((word) => last && word.at.end <= last.at.start && word.text.startsWith('-'));
  if (!last || file.languageId !== 'bash') {
    return { refused: 'A flag cannot be added to this command: its words stand in a list or in another file.' };
  }
  const lastFlag = flags.findLast((flag) => flag.word.at.uri === file.uri);
  const gap = lastFlag ? /(?:[ \t]*\\)?\r?\n[ \t]*$/.exec(file.text.slice(0, lastFlag.word.at.start))?.[0] : undefined;
  const hyphens =
    flags.some((flag) => flag.word.text.slice(2).includes('-')) &&
    !flags.some((flag) => flag.word.text.split('=')[0]?.includes('_'));
  const equals = before ? flags.some((flag) => flag.word.text.includes('=') && flag.word.text.startsWith('--')) : false;
  const word = `--${hyphens ? name.replaceAll('_', '-') : name}`;
  const text = value === '' ? word : equals ? `${word}=${value}` : `${word} ${value}`;
  const end = endOfLine(file, last.at.end, gap);
  const at = { uri: file.uri, start: end, end };
  return { edits: [{ span: at, text: `${gap === undefined ? ' ' : continued(file, gap)}${text}` }] };
}

/** In an array each element has its line, so a new one goes after the line and its comment. */
function endOfLine(file: SourceFile, end: number, gap: string | undefined): number {
  if (gap === undefined || gap.includes('\\')) return end;
  const rest = /^[ \t]*(?:#[^\n]*)?(?=\r?\n)/.exec(file.text.slice(end))?.[0] ?? '';
  return end + rest.trimEnd().length;
}

function continued(file: SourceFile, gap: string): string {
  const indent = /[ \t]*$/.exec(gap)?.[0] ?? '';
  const line = lineBreak(file);
  return gap.includes('\\') ? ` \\${line}${indent}` : `${line}${indent}`;
}
