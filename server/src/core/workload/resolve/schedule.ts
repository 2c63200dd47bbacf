import type { Settings } from '../../settings.ts';
import { assumed, exact, type Known, likely, unknown } from '../known.ts';
import type { CheckpointSpec, DataSpec, ParallelismSpec, RecomputeSpec, ScheduleSpec, Task } from '../spec.ts';
import type { FactView } from './fact-view.ts';
import { answersPerPrompt, answersPerSample } from './generation.ts';

/** Batches and length of the run. Steps are stated, or follow from data, epochs and the global batch; else the settings may say. */
export function resolveSchedule(
  facts: FactView,
  data: DataSpec,
  parallelism: ParallelismSpec,
  { run = {} }: Pick<Settings, 'run'> = {},
): ScheduleSpec {
  const ranks = likely(parallelism.dataParallel);
  const global = globalBatch(facts, data);
  const statedMicro = facts.get('training.per_device_batch_size');
  const statedAccumulation = facts.get('training.gradient_accumulation_steps');
  const divisor = (ranks ?? 1) * (statedAccumulation ?? 1);
  const microBatch: Known<number> =
    statedMicro !== undefined
      ? facts.known('training.per_device_batch_size')
      : global !== undefined && ranks !== undefined && statedAccumulation !== undefined
        ? facts.from(Math.max(1, Math.round(global / divisor)), 'training.global_batch_size')
        : (tokensMicroBatch(facts, data) ?? facts.known('training.per_device_batch_size'));
  const micro = likely(microBatch);
  const accumulation: Known<number> =
    statedAccumulation !== undefined
      ? facts.known('training.gradient_accumulation_steps')
      : global !== undefined && micro !== undefined && ranks !== undefined
        ? facts.from(Math.max(1, Math.round(global / (micro * ranks))), 'training.global_batch_size')
        : (facts.maybe('training.gradient_accumulation_steps') ?? assumed(1, 'one-device'));
  const perStep =
    global ?? (micro !== undefined && ranks !== undefined ? micro * (likely(accumulation) ?? 1) * ranks : undefined);
  const epochs =
    facts.get('training.epochs') === undefined
      ? setting('flopwise.run.epochs', run.epochs)
      : facts.known('training.epochs');
  const stepsFound = stepsOf(facts, data, perStep, epochs);
  const stepsKnown =
    stepsFound.kind === 'unknown' ? (setting('flopwise.run.steps', run.steps) ?? stepsFound) : stepsFound;
  return {
    microBatch,
    accumulation,
    ...(epochs ? { epochs } : {}),
    steps: stepsKnown,
    ...evaluations(
      facts,
      data,
      stepsKnown,
      epochs,
      micro !== undefined && ranks !== undefined ? micro * ranks : undefined,
    ),
  };
}

function setting(key: string, value: number | undefined): Known<number> | undefined {
  return value === undefined ? undefined : exact(value, { kind: 'setting', key });
}

/** Samples of one optimiser step: stated, or the tokens of a step over the length of a sample. A number read both ways is tokens. */
function globalBatch(facts: FactView, data: DataSpec): number | undefined {
  const stated = facts.get('training.global_batch_size');
  const samples = stated === undefined ? undefined : stated * answersPerSample(facts);
  const tokens = facts.get('training.global_batch_tokens');
  const length = likely(data.sequenceLength);
  if (tokens === undefined || length === undefined || tokens < length) return samples;
  return samples === undefined || samples === tokens ? tokens / length : samples;
}

/** How often the run evaluates, and how many micro-batches one evaluation passes where the size of its data is known. */
function evaluations(
  facts: FactView,
  data: DataSpec,
  steps: Known<number>,
  epochs: Known<number> | undefined,
  atOnce: number | undefined,
): Pick<ScheduleSpec, 'evaluationEvery' | 'evaluationBatches'> {
  const strategy = facts.get('eval.strategy');
  if (strategy === 'no') return {};
  const all = likely(steps);
  const times = epochs && likely(epochs);
  const perEpoch = facts.get('eval.evals_per_epoch') ?? (strategy === 'epoch' ? 1 : undefined);
  const every =
    facts.get('eval.steps') !== undefined
      ? facts.known('eval.steps')
      : perEpoch !== undefined && all !== undefined && times
        ? facts.from(Math.max(1, Math.round(all / times / perEpoch)), 'eval.evals_per_epoch', 'eval.strategy')
        : undefined;
  if (!every) return {};
  const share = facts.get('data.val_fraction');
  const examples = rowsOf(data);
  const batches =
    share !== undefined && share > 0 && share < 1 && examples !== undefined && atOnce
      ? facts.from(Math.max(1, Math.ceil((share * examples) / atOnce)), 'data.val_fraction')
      : undefined;
  return { evaluationEvery: every, ...(batches ? { evaluationBatches: batches } : {}) };
}

/** Rows that the examples make: packed ones are joined up to the length, and cannot be counted where their mean is not known. */
function rowsOf(data: DataSpec): number | undefined {
  const examples = data.examples && likely(data.examples);
  if (likely(data.packed) !== true) return examples;
  const mean = data.meanLength && likely(data.meanLength);
  const length = likely(data.sequenceLength);
  if (examples === undefined || mean === undefined || !length) return undefined;
  return (examples * Math.min(mean, length)) / length;
}

function tokensMicroBatch(facts: FactView, data: DataSpec): Known<number> | undefined {
  const tokens = facts.get('training.tokens_per_microbatch');
  const length = likely(data.sequenceLength);
  if (tokens === undefined || length === undefined) return undefined;
  return facts.from(Math.max(1, tokens / length), 'training.tokens_per_microbatch');
}

/** Optimiser steps: stated; or tokens of the run over tokens of a step; or samples x epochs over samples of a step. */
function stepsOf(
  facts: FactView,
  data: DataSpec,
  perStep: number | undefined,
  epochs: Known<number> | undefined,
): Known<number> {
  const stated = facts.get('training.max_steps');
  const updates = updatesPerIteration(facts);
  if (stated !== undefined && stated > 0)
    return updates === 1 ? facts.known('training.max_steps') : facts.from(stated * updates, 'training.max_steps');
  const length = likely(data.sequenceLength);
  const runTokens = facts.get('training.max_tokens');
  const stepTokens =
    facts.get('training.global_batch_tokens') ??
    (perStep !== undefined && length !== undefined ? perStep * length : undefined);
  if (runTokens !== undefined && stepTokens)
    return facts.from(Math.ceil(runTokens / stepTokens), 'training.max_tokens');
  const samples = facts.get('training.train_samples');
  if (samples !== undefined && perStep) return facts.from(Math.ceil(samples / perStep), 'training.train_samples');
  const perEpoch = facts.get('training.steps_per_epoch') ?? facts.get('training.max_steps_per_epoch');
  const times = epochs && likely(epochs);
  if (times === undefined) return unknown('neither steps nor epochs are stated');
  if (perEpoch !== undefined && perEpoch > 0)
    return facts.from(Math.ceil(perEpoch * times), 'training.steps_per_epoch', 'training.max_steps_per_epoch');
  if (!perStep) return unknown('the global batch is not known');
  // Each prompt of the data is trained on once for every answer to it.
  return stepsOfData(data, perStep, times * answersPerPrompt(facts));
}

/** Optimiser steps of one iteration of a trainer that counts those: answers are made for several steps at once. */
function updatesPerIteration(facts: FactView): number {
  const made = facts.get('rl.rollout_batch_size');
  const trained = facts.get('training.global_batch_size');
  const counted = answersPerSample(facts) > 1 && made !== undefined && trained !== undefined && trained > 0;
  return counted ? Math.max(1, Math.round(made / trained)) : 1;
}

/** Steps of some epochs over the dataset, with the dataset's own uncertainty; packing joins samples up to the length. */
function stepsOfData(data: DataSpec, perStep: number, times: number): Known<number> {
  const length = likely(data.sequenceLength);
  const packed = likely(data.packed) === true;
  const mean = data.meanLength && likely(data.meanLength);
  const examples = data.examples;
  if (packed && length !== undefined) {
    const total =
      data.tokens ?? (mean !== undefined && examples ? scaled(examples, Math.min(mean, length)) : undefined);
    if (!total) return unknown('the number of tokens of the dataset is not known');
    return scaled(total, times / (length * perStep));
  }
  if (!examples) return unknown('the number of examples of the dataset is not known');
  return scaled(examples, times / perStep);
}

function scaled(known: Known<number>, factor: number): Known<number> {
  const steps = (value: number) => (factor < 1 ? Math.max(1, Math.ceil(value * factor)) : value * factor);
  switch (known.kind) {
    case 'exact':
      return exact(steps(known.value), known.origin);
    case 'range':
      return { ...known, low: steps(known.low), likely: steps(known.likely), high: steps(known.high) };
    case 'choice':
      return { kind: 'choice', options: known.options.map((one) => ({ ...one, value: steps(one.value) })) };
    case 'unknown':
      return known;
  }
}

/** LitGPT's finetune scripts give FSDP an `activation_checkpointing_policy` of every block (`litgpt/finetune/full.py`); its pretraining does not. */
const litgptRecomputes = { kind: 'framework-default', framework: 'litgpt', version: '0.5.13' } as const;

/** Recomputation of activations. */
export function resolveRecompute(facts: FactView, { implementation }: ParallelismSpec, task: Task): RecomputeSpec {
  const on = facts.get('training.gradient_checkpointing');
  if (on === undefined && facts.stack === 'litgpt' && implementation === 'fsdp' && task !== 'pretrain')
    return { mode: exact('full', litgptRecomputes) };
  const offloaded = facts.get('training.activation_offloading');
  const stated = facts.get('training.recomputed_modules');
  const modules = on === true && stated !== undefined ? [stated].flat() : undefined;
  return {
    mode:
      on === undefined
        ? unknown('not stated')
        : modules
          ? facts.from('selective', 'training.recomputed_modules')
          : facts.from(on ? 'full' : 'none', 'training.gradient_checkpointing'),
    ...(modules ? { modules: facts.from(modules, 'training.recomputed_modules') } : {}),
    ...(offloaded === undefined ? {} : { offloaded: facts.known('training.activation_offloading') }),
  };
}

/** Saves of the run; undefined where nothing is said of them. */
export function resolveCheckpoint(facts: FactView, schedule: ScheduleSpec): CheckpointSpec | undefined {
  const strategy = facts.get('checkpoint.save_strategy');
  const enabled = facts.get('checkpoint.enabled') ?? (strategy === undefined ? undefined : strategy !== 'no');
  const every = saveEvery(facts, schedule, strategy);
  if (enabled === undefined && every === undefined && facts.get('checkpoint.save_total_limit') === undefined)
    return undefined;
  const keep = facts.get('checkpoint.save_total_limit');
  const weightsOnly = facts.get('checkpoint.save_only_model');
  return {
    enabled: facts.from(
      enabled ?? true,
      'checkpoint.enabled',
      'checkpoint.save_strategy',
      'checkpoint.save_steps',
      'checkpoint.save_epochs',
      'checkpoint.save_total_limit',
    ),
    ...(every ? { everySteps: every } : {}),
    ...keptOf(facts, keep),
    ...(facts.get('checkpoint.resume') === undefined ? {} : { resumes: facts.known('checkpoint.resume') }),
    ...asynchronousSaves(facts),
    ...shardedSaves(facts),
    ...(facts.get('checkpoint.gathers_weights') === undefined
      ? {}
      : { gathersWeights: facts.known('checkpoint.gathers_weights') }),
    ...(facts.get('checkpoint.output_dir') === undefined ? {} : { directory: facts.known('checkpoint.output_dir') }),
    savesOptimizer:
      weightsOnly === undefined
        ? unknown('as the framework does')
        : facts.from(!weightsOnly, 'checkpoint.save_only_model'),
  };
}

/** MaxText writes behind the work unless told otherwise (`async_checkpointing` of its base.yml). */
const maxtextBehind = { kind: 'framework-default', framework: 'maxtext', version: '0.1' } as const;

function asynchronousSaves(facts: FactView): Pick<CheckpointSpec, 'asynchronous'> {
  if (facts.get('checkpoint.async') !== undefined) return { asynchronous: facts.known('checkpoint.async') };
  return facts.stack === 'maxtext' ? { asynchronous: exact(true, maxtextBehind) } : {};
}

/** Whether each rank writes its own part, where a file says so. */
function shardedSaves(facts: FactView): Pick<CheckpointSpec, 'sharded'> {
  const type = facts.get('checkpoint.state_dict_type');
  if (type === undefined) return {};
  return { sharded: facts.from(/sharded|local/i.test(type), 'checkpoint.state_dict_type') };
}

/** TorchTitan keeps the last ten unless told otherwise (`CheckpointManager.Config.keep_latest_k`); the others keep all. */
const torchtitanKeeps = { kind: 'framework-default', framework: 'torchtitan', version: '0.2.0' } as const;

function keptOf(facts: FactView, stated: number | undefined): Pick<CheckpointSpec, 'keep'> {
  if (stated === undefined) return facts.stack === 'torchtitan' ? { keep: exact(10, torchtitanKeeps) } : {};
  return stated <= 0 ? {} : { keep: facts.known('checkpoint.save_total_limit') };
}

function saveEvery(facts: FactView, schedule: ScheduleSpec, strategy: string | undefined): Known<number> | undefined {
  const steps = likely(schedule.steps);
  const epochs = schedule.epochs && likely(schedule.epochs);
  const perEpoch = steps !== undefined && epochs ? steps / epochs : undefined;
  const fraction = facts.get('checkpoint.save_steps');
  const perSave = facts.get('checkpoint.saves_per_epoch');
  if (perSave !== undefined && perSave > 0) {
    return perEpoch === undefined
      ? unknown('the steps of an epoch are not known')
      : facts.from(Math.max(1, Math.round(perEpoch / perSave)), 'checkpoint.saves_per_epoch');
  }
  const everyEpochs = facts.get('checkpoint.save_epochs') ?? (strategy === 'epoch' ? 1 : undefined);
  if (everyEpochs !== undefined && strategy !== 'steps') {
    return perEpoch === undefined
      ? unknown('the steps of an epoch are not known')
      : facts.from(
          Math.max(1, Math.round(perEpoch * everyEpochs)),
          'checkpoint.save_epochs',
          'checkpoint.save_strategy',
        );
  }
  if (fraction === undefined || !(fraction > 0)) return undefined;
  // HF reads a value below 1 as a share of the run.
  if (fraction < 1)
    return steps === undefined
      ? unknown('the steps of the run are not known')
      : facts.from(Math.max(1, Math.ceil(steps * fraction)), 'checkpoint.save_steps');
  return facts.known('checkpoint.save_steps');
}
