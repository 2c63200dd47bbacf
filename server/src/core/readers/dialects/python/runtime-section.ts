import type { Program } from '../../../evaluate/python.ts';
import { truthOf } from '../../../evaluate/value.ts';
import { argumentOf, callsOf } from './calls.ts';
import { number } from './forms.ts';
import { imply, type Ledger, put } from './ledger.ts';

/** Switches of PyTorch that hold for the whole program: TF32, seeds, recomputation, compilation, visible devices. */
export function readRuntime(program: Program, ledger: Ledger): void {
  const tf32 =
    program.settings.get('torch.backends.cuda.matmul.allow_tf32') ??
    program.settings.get('torch.backends.cudnn.allow_tf32');
  if (tf32 && truthOf(tf32) === true) imply(ledger, 'training.tf32', true, tf32.at);
  for (const event of callsOf(program, /(^|\.)set_float32_matmul_precision$/)) {
    const level = event.positional[0];
    if (level?.kind === 'string' && /^(high|medium)$/.test(level.value)) imply(ledger, 'training.tf32', true, level.at);
  }
  for (const event of callsOf(
    program,
    /(^|\.)(gradient_checkpointing_enable|enable_gradient_checkpointing|set_grad_checkpointing|apply_activation_checkpointing)$/,
  )) {
    if (!event.uncertain && event.reached) imply(ledger, 'training.gradient_checkpointing', true, event.at);
  }
  for (const event of callsOf(program, /^torch\.compile$/)) {
    if (!event.uncertain && event.reached) imply(ledger, 'training.compile', true, event.at);
  }
  for (const event of program.events) {
    const format = event.keywords.get('memory_format');
    if (format?.kind !== 'reference' || !/(^|\.)channels_last(_3d)?$/.test(format.path)) continue;
    if (!event.uncertain && event.reached) imply(ledger, 'training.channels_last', true, event.at);
  }
  const visible = program.environment.get('CUDA_VISIBLE_DEVICES');
  if (visible?.kind === 'string' && visible.at.uri === program.file.uri) {
    const count = visible.value.split(',').filter((one) => /^\s*\d+\s*$/.test(one)).length;
    if (count > 0) imply(ledger, 'hardware.total_gpus', count, visible.at);
  }
}

/** The seed that the program sets by a call. */
export function readSeed(program: Program, ledger: Ledger): void {
  for (const event of callsOf(program, /(^|\.)(set_seed|seed_everything|manual_seed|fix_all_seeds|set_random_seed)$/)) {
    put(ledger, 'training.seed', argumentOf(event, 'seed', 0), number, { quiet: true });
  }
}
