import type { ShellWord } from '../../evaluate/shell-word.ts';
import { derived, stated } from '../../facts/fact.ts';
import type { FactName } from '../../facts/vocabulary.ts';
import { type Flag, flagNamed } from './flag.ts';
import { spelledLike, switchState } from './flag-rule.ts';
import { words } from './form.ts';
import { toPrecision } from './normalize.ts';
import { putMixedPrecision } from './put-hardware.ts';
import { putWord, rewriteWord, sentence } from './put-word.ts';
import { add, has, imply, leaveOpen, type Sheet, valueOn } from './sheet.ts';

const why = 'This follows from other flags of the command.';

/** Puts what takes more than one flag to read: precision, model, data, parallel strategy, adapters, quantisation. */
export function putTraining(sheet: Sheet, flags: readonly Flag[]): void {
  putPrecision(sheet, flags);
  putModel(sheet, flags);
  putDataset(sheet, flags);
  putStrategy(sheet, flags);
  putQuantization(sheet, flags);
  putAdapter(sheet, flags);
  putRecompute(sheet, flags);
  const [source, target] = [flagNamed(flags, 'source_max_len')?.value, flagNamed(flags, 'target_max_len')?.value];
  const length = Number(source?.text) + Number(target?.text);
  if (source && target && Number.isInteger(length)) imply(sheet, 'data.seq_len', length, target.span, why, source.span);
  if (flags.some((flag) => flag.name === 'ppo_epochs') && !has(sheet, 'training.method')) {
    const flag = flagNamed(flags, 'ppo_epochs');
    if (flag) imply(sheet, 'training.method', 'ppo', flag.word.span, why);
  }
}

/** Modules that Megatron recomputes under its selective granularity: the core of attention where none is named. */
function putRecompute(sheet: Sheet, flags: readonly Flag[]): void {
  const granularity = flagNamed(flags, 'recompute_granularity')?.value;
  const short = flagNamed(flags, 'recompute_activations');
  const at =
    granularity?.text === 'selective'
      ? granularity
      : !granularity && short && switchState(short) === true
        ? short.word
        : undefined;
  if (!at) return;
  const named = flagNamed(flags, 'recompute_modules')?.values.filter((word) => word.unknown === undefined) ?? [];
  const [first, ...rest] = named;
  if (first) {
    const modules = named.map(({ text }) => text);
    add(sheet, 'training.recomputed_modules', modules, first.span, false, ...rest.map(({ span }) => span));
  } else add(sheet, 'training.recomputed_modules', ['core_attn'], at.span, true);
}

const precisionSwitches = ['fp8', 'bf16', 'fp16', 'amp', 'fp32'] as const;

function putPrecision(sheet: Sheet, flags: readonly Flag[]): void {
  const eight = flagNamed(flags, 'fp8_format', 'fp8_recipe');
  if (eight?.value) add(sheet, 'training.precision', 'fp8', eight.value.span, true);
  const on = precisionSwitches.flatMap((name) => {
    const flag = flagNamed(flags, name, ...(name === 'amp' ? ['use_amp'] : []));
    return flag && switchState(flag) === true ? [{ name, flag }] : [];
  });
  const [first] = on;
  if (first && !has(sheet, 'training.precision')) {
    const value = toPrecision(first.name) ?? first.name;
    const at = first.flag.value ?? first.flag.word;
    sheet.facts.push(stated('training.precision', value, at.span));
    sheet.writers.set('training.precision', (wanted) => writeSwitch(sheet, flags, first.flag, String(wanted)));
  }
  for (const name of precisionSwitches) {
    const flag = flagNamed(flags, name);
    if (!first && flag?.value?.unknown !== undefined) {
      leaveOpen(sheet, 'training.precision', sentence(flag.value.unknown), flag.value.span);
    }
  }
  const word = flagNamed(
    flags,
    'mixed_precision',
    'precision',
    'dtype',
    'torch_dtype',
    'model_dtype',
    'param_dtype',
    'amp_dtype',
    'train.precision',
  )?.value;
  if (word && !first) putMixedPrecision(sheet, word);
}

/** `--bf16 True` becomes `--fp16 True`; where the other switch stands too, both change their values. */
function writeSwitch(sheet: Sheet, flags: readonly Flag[], flag: Flag, wanted: string) {
  if (wanted === 'fp32' && flag.value) return rewriteWord(sheet, flag.value, spelledLike(flag.value.text, false));
  if (wanted !== 'bf16' && wanted !== 'fp16') return { refused: `This command has no flag for ${wanted}.` };
  const other = flagNamed(flags, wanted);
  if (other?.value && flag.value) {
    const off = rewriteWord(sheet, flag.value, spelledLike(flag.value.text, false));
    const on = rewriteWord(sheet, other.value, spelledLike(other.value.text, true));
    return 'refused' in off ? off : 'refused' in on ? on : { edits: [...off.edits, ...on.edits] };
  }
  const { at } = flag.word;
  const dashes = /^-{1,2}/.exec(flag.word.text)?.[0] ?? '';
  const start = at.start + dashes.length;
  const name = sheet.file.text.slice(start, start + flag.name.length);
  if (at.uri !== sheet.file.uri || name !== flag.name)
    return { refused: 'This flag is put together from several parts.' };
  return { edits: [{ span: { uri: at.uri, start, end: start + name.length }, text: wanted }] };
}

const modelFlags = [
  'model_name_or_path',
  'pretrained_model_name_or_path',
  'actor_model_name_or_path',
  'base_model',
  'base_model_name_or_path',
  'model_name',
  'model_id',
  'model_path',
  'pretrain',
  'hf_model',
  'model',
  'model_id_or_path',
  'pretrained_model',
  'model_checkpoint',
] as const;

function putModel(sheet: Sheet, flags: readonly Flag[]): void {
  const word = flagNamed(flags, ...modelFlags)?.value;
  if (word) {
    putModelWord(sheet, word);
    return;
  }
  // A model trained from scratch takes its shape from a hub model's config.
  const shape = flagNamed(flags, 'config_name')?.value;
  const fromScratch = flagNamed(flags, 'tokenizer_name') !== undefined;
  if (shape && fromScratch && !/\.(?:ya?ml|json)$/.test(shape.text)) putModelWord(sheet, shape);
}

/** A model by its hub name, or by the path of its weights. */
export function putModelWord(sheet: Sheet, word: ShellWord): void {
  if (has(sheet, 'model.name') || has(sheet, 'model.path')) return;
  const vision =
    /^(?:resnet|resnext|wide_resnet|vit_|deit|convnext|efficientnet|mobilenet|swin|densenet|vgg|regnet|beit|mixer)/i;
  if (vision.test(word.text) && !word.text.includes('/')) putWord(sheet, 'model.arch', word, words);
  else if (isPath(word)) putWord(sheet, 'model.path', word, words, { asWritten: true });
  else putWord(sheet, 'model.name', word, words);
}

function isPath(word: ShellWord): boolean {
  const { text } = word;
  if (
    /^(?:[/~.]|\w+:\/\/)/.test(text) ||
    text.split('/').length > 2 ||
    /\.(?:pt|pth|bin|safetensors|ckpt|gguf)$/.test(text)
  )
    return true;
  // `$DIR/name` is a folder of the machine; `org/name-$SIZE` is a hub name still.
  const [first] = word.pieces;
  const beside = first?.span.uri === word.at.uri && first.span.start >= word.at.start && first.span.end <= word.at.end;
  const literal = first?.unknown === undefined && beside;
  return text.includes('/') && word.pieces.length > 1 && !literal && first?.text.includes('/') !== true;
}

function putDataset(sheet: Sheet, flags: readonly Flag[]): void {
  const named = flagNamed(
    flags,
    'dataset_name',
    'dataset',
    'dataset_id',
    'dataset_name_or_path',
    'dataset_type',
  )?.value;
  if (named) {
    if (!/^[/~.]|\.\w{2,7}$/.test(named.text)) putWord(sheet, 'data.dataset', named, words);
    return;
  }
  const mixture = flagNamed(flags, 'dataset_mixer_list', 'dataset_mixer', 'mixer_list')?.value;
  if (mixture) {
    const first = /^\{\s*["']([^"']+)["']/.exec(mixture.text)?.[1];
    if (first !== undefined) add(sheet, 'data.dataset', first, mixture.span, true);
    else if (!/^[{[]/.test(mixture.text)) putWord(sheet, 'data.dataset', mixture, words);
    return;
  }
  const path = flagNamed(flags, 'data_path', 'data_name_or_path', 'data', 'prompt_data', 'train_data')?.value;
  if (path && /^[A-Za-z0-9][\w.-]*\/[\w.-]+$/.test(path.text) && path.exact && !/\.\w{2,7}$|^data\//.test(path.text)) {
    putWord(sheet, 'data.dataset', path, words);
  }
}

function putStrategy(sheet: Sheet, flags: readonly Flag[]): void {
  const strategy = (name: string, flag: Flag, isDerived = false) => {
    if (has(sheet, 'parallel.strategy')) return;
    sheet.facts.push((isDerived ? derived : stated)('parallel.strategy', name, (flag.value ?? flag.word).span));
    sheet.writers.set('parallel.strategy', () => ({ refused: 'Another strategy needs other launch flags.' }));
  };
  const deepspeed = flagNamed(flags, 'deepspeed', 'deepspeed_config', 'deepspeed_config_file', 'ds_config');
  if (deepspeed && switchState(deepspeed) !== false) {
    strategy('deepspeed', deepspeed);
    if (deepspeed.value?.unknown !== undefined) {
      leaveOpen(
        sheet,
        'parallel.zero_stage',
        `${sentence(deepspeed.value.unknown)} So the DeepSpeed config is not known.`,
        deepspeed.value.span,
      );
    }
  }
  const fsdp = flagNamed(flags, 'fsdp')?.value;
  const bare = flagNamed(flags, 'fsdp', 'use_fsdp', 'enable_fsdp');
  const kind =
    fsdp && !fsdp.unknown
      ? /\b(full_shard|shard_grad_op|hybrid_shard|no_shard|hybrid_shard_zero2)\b/.exec(fsdp.text)?.[1]
      : undefined;
  if (kind && fsdp && bare) {
    strategy('fsdp', bare);
    if (!has(sheet, 'parallel.fsdp_sharding')) sheet.facts.push(stated('parallel.fsdp_sharding', kind, fsdp.span));
  } else if (bare && switchState(bare) === true) strategy('fsdp', bare);
  const sharding = flagNamed(flags, 'sharding_strategy', 'fsdp_sharding_strategy')?.value;
  const kinds: Readonly<Record<string, string>> = {
    full: 'full_shard',
    full_shard: 'full_shard',
    hybrid: 'hybrid_shard',
    hybrid_shard: 'hybrid_shard',
    shard_grad_op: 'shard_grad_op',
    no_shard: 'no_shard',
  };
  const known = sharding && !sharding.unknown ? kinds[sharding.text.toLowerCase()] : undefined;
  if (known && sharding) {
    imply(sheet, 'parallel.fsdp_sharding', known, sharding.span, why);
    imply(sheet, 'parallel.strategy', 'fsdp', sharding.span, why);
  }
  const offload = flagNamed(flags, 'offload', 'cpu_offload');
  if (offload && switchState(offload) === true && deepspeed) {
    imply(sheet, 'parallel.offload_optimizer', 'cpu', offload.word.span, why);
  }
}

function putQuantization(sheet: Sheet, flags: readonly Flag[]): void {
  const bits = flagNamed(flags, 'bits', 'quantization_bit', 'quant_bits', 'quantize_bits')?.value;
  if (bits && /^(2|3|4|8)$/.test(bits.text)) add(sheet, 'quantization.bits', Number(bits.text), bits.span);
  for (const [number, names] of [
    [4, ['load_in_4bit', 'use_4bit_quantization', 'use_4bit', 'four_bit', 'load_4bit']],
    [8, ['load_in_8bit', 'use_8bit_quantization', 'use_8bit', 'use_8bit_qunatization', 'load_8bit']],
  ] as const) {
    const flag = flagNamed(flags, ...names);
    if (!flag || switchState(flag) !== true || has(sheet, 'quantization.bits')) continue;
    sheet.facts.push(stated('quantization.bits', number, (flag.value ?? flag.word).span));
  }
}

const adapterSwitches: readonly (readonly [string, readonly string[]])[] = [
  ['adalora', ['use_adalora', 'adalora']],
  ['qlora', ['q_lora', 'use_qlora', 'qlora']],
  ['boft', ['use_boft']],
  ['oft', ['use_oft']],
  ['dora', ['use_dora']],
  ['lora', ['use_lora', 'lora_enable', 'enable_lora', 'use_peft_lora', 'use_peft', 'lora', 'peft']],
];

/** The method of parameter-efficient tuning, from a switch or from a rank; over 4-bit weights it is QLoRA. */
function putAdapter(sheet: Sheet, flags: readonly Flag[]): void {
  const targets = flagNamed(flags, 'lora_target_modules', 'target_modules', 'lora_target', 'lora_modules');
  if (
    targets?.value &&
    targets.values.every((word) => word.unknown === undefined) &&
    !has(sheet, 'lora.target_modules')
  ) {
    const names = targets.values.flatMap((word) => word.text.split(',')).filter((name) => name !== '');
    const [only] = names;
    const value = names.length === 1 && only ? only : names;
    if (names.length > 0) sheet.facts.push(stated('lora.target_modules', value, targets.value.span));
  }
  if (has(sheet, 'peft.method')) return;
  const method = flagNamed(flags, 'peft_method', 'peft_type', 'finetuning_type', 'tuner_type', 'train_type')?.value;
  if (method && /^(lora|qlora|adalora|boft|oft|freeze|full)$/i.test(method.text)) {
    putWord(sheet, 'peft.method', method, words);
    return;
  }
  const switches = adapterSwitches.flatMap(([name, names]) => {
    const flag = flagNamed(flags, ...names);
    return flag && switchState(flag) === true ? [{ name, flag }] : [];
  });
  const [first] = switches;
  const rank = sheet.facts.find((fact) => fact.name === 'lora.r');
  if (first) putMethod(sheet, first.name, (first.flag.value ?? first.flag.word).span);
  else if (rank && rank.value !== 0 && rank.origin.kind === 'code') putMethod(sheet, 'lora', rank.origin.span);
}

function putMethod(
  sheet: Sheet,
  name: string,
  span: { readonly uri: string; readonly start: number; readonly end: number },
): void {
  const fact: FactName = 'peft.method';
  const quantised = valueOn(sheet, 'quantization.bits') === 4 && name === 'lora';
  if (quantised || name !== 'lora') sheet.facts.push(derived(fact, quantised ? 'qlora' : name, span));
  else sheet.facts.push(stated(fact, name, span));
  sheet.writers.set(fact, () => ({ refused: 'Another method needs other flags.' }));
}
