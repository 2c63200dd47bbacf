import type { Program } from '../../../evaluate/python.ts';
import { type CallEvent, itemsOf, truthOf, type Value } from '../../../evaluate/value.ts';
import type { Reference } from '../../../facts/reading.ts';
import { argumentOf, isMadeBy, makes } from './calls.ts';
import { putDeepspeed } from './deepspeed-section.ts';
import { precision } from './forms.ts';
import { putKeys, settingOf } from './keywords.ts';
import { allowKeyword, imply, type Ledger, leaveOpen, put, settle } from './ledger.ts';
import { putModelName } from './model-section.ts';
import { readTrainerPreemption } from './preemption-section.ts';
import { argumentClasses } from './trainers.ts';
import { modelKeys, trainingKeys, trlScriptKeys } from './transformers-keys.ts';

/** The object of training arguments that a trainer is given, else the one that the program makes. */
export function trainingArguments(program: Program, trainer: CallEvent): Value | undefined {
  const given = [...trainer.keywords.values(), ...trainer.positional].map(settle);
  const named = trainer.keywords.get('args') ?? trainer.keywords.get('config');
  if (named && settle(named).kind === 'object') return settle(named);
  const passed = given.find((one) => isMadeBy(one, argumentClasses));
  if (passed) return passed;
  return makes(program, argumentClasses)[0]?.result;
}

/** Everything that a trainer and its arguments state. Answers the span's owner: the call of the arguments. */
export function readTrainer(program: Program, ledger: Ledger, trainer: CallEvent): readonly Reference[] {
  const args = trainingArguments(program, trainer);
  const call = args?.kind === 'object' ? args.call : undefined;
  const own = call && isConstructor(program, call) ? call : undefined;
  const get = (keyword: string) =>
    settingOf(args, keyword) ?? (keyword === 'output_dir' && own ? own.positional[0] : undefined);
  readPrecision(ledger, get);
  readTrainerPreemption(ledger, get);
  putKeys(ledger, trainingKeys, get, own);
  allowPrecision(ledger, own);
  dropForeign(ledger, own);
  ledger.also.set('checkpoint.save_steps', () => {
    const strategy = ledger.entries.get('checkpoint.save_strategy')?.fact.value;
    return strategy === undefined || strategy === 'steps' ? [] : [{ name: 'checkpoint.save_strategy', value: 'steps' }];
  });
  putKeys(
    ledger,
    trainingKeys.filter((key) => /^(max_seq_length|packing|max_length|max_prompt_length|beta)$/.test(key.keyword)),
    (keyword) => trainer.keywords.get(keyword),
  );
  for (const script of makes(program, /(^|\.)(ModelConfig|ScriptArguments|\w*ScriptArguments)$/))
    putKeys(ledger, trlScriptKeys, (keyword) => settingOf(script.result, keyword));
  const model = argumentOf(trainer, 'model', 0);
  if (model && settle(model).kind === 'string') putModelName(ledger, model);
  const loading = get('model_init_kwargs');
  if (loading) putKeys(ledger, modelKeys, (keyword) => settingOf(loading, keyword));
  return [...readSharding(ledger, get)];
}

/** True for a call that names the class of the arguments: a parser's call makes such an object from the command line. */
function isConstructor(program: Program, { path, at, list }: CallEvent): boolean {
  const { uri, text } = program.file;
  return (
    argumentClasses.test(path) && at.uri === uri && /(Arguments|Config)\w*\s*$/.test(text.slice(at.start, list.start))
  );
}

/** Lets the precision be added to training arguments, by the switch of its own name. */
function allowPrecision(ledger: Ledger, call: CallEvent | undefined): void {
  allowKeyword(ledger, 'training.precision', call, String, (to) =>
    to === 'bf16' || to === 'fp16' ? 'True' : undefined,
  );
}

/** Plain training arguments know no packing, lengths or rewards: those are TRL's. */
function dropForeign(ledger: Ledger, call: CallEvent | undefined): void {
  const plain = call?.path.endsWith('TrainingArguments') === true;
  for (const name of ledger.slots.keys()) {
    const foreign = plain && /^(rl\.|data\.seq_len|data\.packing|training\.activation_offloading)/.test(name);
    if (foreign || (name === 'data.packing' && !/SFT/.test(call?.path ?? ''))) ledger.slots.delete(name);
  }
}

/** `bf16` and `fp16` switches: one of them on fixes the precision, a check of the hardware leaves it open. */
export function readPrecision(ledger: Ledger, get: (keyword: string) => Value | undefined): void {
  const open: Value[] = [];
  for (const name of ['bf16', 'fp16']) {
    const value = get(name);
    const settled = value && settle(value);
    if (!settled || settled.kind === 'none') continue;
    if (truthOf(settled) === true) {
      put(
        ledger,
        'training.precision',
        { kind: 'string', value: name, at: settled.at, ...(settled.derived ? { derived: true } : {}) },
        {
          read: precision.read,
          spell: (to, old) => (to === name ? old : undefined),
        },
      );
    } else if (truthOf(settled) === undefined) open.push(settled);
  }
  const [first] = open;
  if (first) leaveOpen(ledger, 'training.precision', 'The hardware decides this when the program runs.', first.at);
}

function readSharding(ledger: Ledger, get: (keyword: string) => Value | undefined): readonly Reference[] {
  const references: Reference[] = [];
  const deepspeed = get('deepspeed');
  if (deepspeed?.kind === 'string') {
    references.push({ path: deepspeed.value, role: 'fragment', span: deepspeed.at });
    imply(ledger, 'parallel.strategy', 'deepspeed', deepspeed.at);
  } else if (deepspeed?.kind === 'dict') putDeepspeed(ledger, deepspeed);
  const fsdp = get('fsdp');
  const words =
    fsdp?.kind === 'string'
      ? fsdp.value.split(/[\s,]+/)
      : fsdp?.kind === 'list'
        ? itemsOf(fsdp).flatMap((one) => (one.kind === 'string' ? [one.value] : []))
        : [];
  if (fsdp && words.some(Boolean)) {
    put(
      ledger,
      'parallel.strategy',
      { kind: 'string', value: 'fsdp', at: fsdp.at },
      { read: () => ({ value: 'fsdp' }), spell: () => undefined },
    );
    const sharding = words.find((one) => /^(full_shard|shard_grad_op|hybrid_shard|no_shard)$/.test(one));
    if (sharding) imply(ledger, 'parallel.fsdp_sharding', sharding, fsdp.at);
    if (words.includes('offload')) imply(ledger, 'parallel.offload_params', 'cpu', fsdp.at);
  }
  return references;
}
