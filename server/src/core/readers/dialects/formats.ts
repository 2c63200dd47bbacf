import type { SourceFile } from '../../source/source-file.ts';
import { at, type DataMap, entryOf } from '../../syntax/data.ts';
import { setsTraining } from './training-words.ts';

/** What a signature may ask of a config's root. */
interface Keys {
  readonly root: DataMap;
  readonly language: SourceFile['languageId'];
  readonly path: string;
  /** True where any of the dotted paths is written (its value may be null). */
  any(...paths: readonly string[]): boolean;
  /** True where all of them are. */
  all(...paths: readonly string[]): boolean;
  /** How many of them are. */
  count(...paths: readonly string[]): number;
  isMap(path: string): boolean;
}

/** Marks of files that no config reader may claim: manifests, workflows, merges, schemas. */
const foreign = (keys: Keys): boolean =>
  keys.all('apiVersion', 'kind') ||
  keys.any(
    'merge_method',
    'slices',
    'openapi',
    'swagger',
    'AWSTemplateFormatVersion',
    'TrainingJobName',
    'AlgorithmSpecification',
    'jobDefinitionName',
    'workerPoolSpecs',
    'worker_pool_specs',
    'searcher',
    'repos',
    'jobs',
    'on',
    'services',
    'stages',
  ) ||
  keys.any(
    '$schema',
    'dependencies',
    'devDependencies',
    'compilerOptions',
    'tool',
    'project',
    'package',
    'export_dir',
    'log_history',
  ) ||
  keys.any(
    'entrypoint',
    'entry_points',
    'jobSpec',
    'trialJobSpec',
    'workerPoolSpecs',
    'searcher',
    'servingEngineSpec',
  ) ||
  (keys.any('resources') && keys.any('run', 'setup', 'service'));

/** Marks of files that a run wrote: results beside the settings, no job to come. */
const recorded = (keys: Keys): boolean =>
  keys.any('run_info', 'train_info', 'metrics', 'results', 'global_step', 'train_runtime');

const hugging = [
  'per_device_train_batch_size',
  'num_train_epochs',
  'lr_scheduler_type',
  'gradient_accumulation_steps',
  'gradient_checkpointing',
  'save_total_limit',
  'per_device_eval_batch_size',
  'warmup_ratio',
  'save_strategy',
  'eval_strategy',
  'evaluation_strategy',
  'learning_rate',
  'max_steps',
  'output_dir',
  'model_name_or_path',
  'dataset_name',
  'max_seq_length',
  'bf16',
];

/**
 * The signature of each config format by its keys, most particular first; the first that holds names the file's
 * one reader, so that no file is read twice.
 */
const signatures: readonly (readonly [string, (keys: Keys) => boolean])[] = [
  [
    'accelerate-config',
    (k) =>
      k.any('compute_environment', 'distributed_type') &&
      k.any('num_processes', 'mixed_precision', 'num_machines', 'deepspeed_config', 'fsdp_config', 'machine_rank'),
  ],
  [
    'gpt-neox',
    (k) =>
      k.any('num_layers', 'num-layers') &&
      k.any(
        'pipe_parallel_size',
        'pipe-parallel-size',
        'model_parallel_size',
        'model-parallel-size',
        'train_micro_batch_size_per_gpu',
      ),
  ],
  [
    'deepspeed-config',
    (k) =>
      k.isMap('zero_optimization') ||
      (k.any('train_micro_batch_size_per_gpu', 'train_batch_size') &&
        k.any(
          'steps_per_print',
          'fp16.enabled',
          'bf16.enabled',
          'optimizer.params',
          'zero_allow_untested_optimizer',
          'gradient_clipping',
        )),
  ],
  [
    'speechbrain',
    (k) =>
      k.root.entries.some(
        ({ value }) => value.kind !== 'list' && /^!(?:new|name|apply):.*speechbrain/.test(value.tag ?? ''),
      ) &&
      k.any('number_of_epochs', 'N_epochs', 'num_epochs', 'epoch_counter', 'max_epochs') &&
      k.any('batch_size', 'lr', 'optimizer', 'opt_class', 'train_dataloader_opts', 'dynamic_batch_sampler_train'),
  ],
  [
    'diffusion-pipe',
    (k) => k.language === 'toml' && k.all('micro_batch_size_per_gpu', 'model.type') && k.any('dataset', 'adapter'),
  ],
  [
    'clip-dataset',
    (k) =>
      k.language === 'toml' &&
      ((k.any('datasets') && k.any('general', 'datasets')) ||
        (k.any('directory') && k.any('resolutions', 'frame_buckets'))) &&
      !k.any('model', 'optimizer', 'training'),
  ],
  [
    'axolotl',
    (k) =>
      k.any('base_model') &&
      k.any('datasets', 'pretraining_dataset', 'adapter', 'micro_batch_size', 'sequence_len', 'rl', 'num_epochs'),
  ],
  [
    'llamafactory',
    (k) =>
      (k.any('model_name_or_path') && k.any('stage', 'finetuning_type') && !k.any('infer_backend')) ||
      (k.all('model_name_or_path', 'template') && k.any('cutoff_len', 'do_train')) ||
      (k.any('model') &&
        k.count(
          'peft_config',
          'dist_config',
          'quant_config',
          'kernel_config',
          'train_dataset',
          'model_class',
          'cutoff_len',
        ) >= 2),
  ],
  [
    'alignment-handbook',
    (k) => k.any('model_name_or_path') && k.any('dataset_mixer', 'dataset_mixture') && k.count(...hugging) >= 3,
  ],
  [
    'torchtune',
    (k) =>
      k.any(
        'model._component_',
        'policy_model._component_',
        'tokenizer._component_',
        'checkpointer._component_',
        'dataset._component_',
      ) && k.any('optimizer', 'epochs', 'training', 'loss', 'ppo_epochs'),
  ],
  [
    'llm-foundry',
    (k) =>
      k.any('parameters.max_duration', 'parameters.global_train_batch_size') ||
      (k.any('max_duration', 'global_train_batch_size', 'device_train_microbatch_size', 'device_train_batch_size') &&
        k.any('model', 'train_loader', 'optimizer', 'optimizers', 'fsdp_config', 'variables', 'parameters')),
  ],
  [
    'torchtitan',
    (k) =>
      k.any('training', 'parallelism') &&
      (k.any(
        'model.flavor',
        'training.local_batch_size',
        'parallelism.data_parallel_shard_degree',
        'training.data_parallel_shard_degree',
        'job.dump_folder',
      ) ||
        (k.any('activation_checkpoint.mode') && k.any('training.seq_len'))),
  ],
  [
    'litgpt',
    (k) =>
      k.isMap('train') &&
      k.any('checkpoint_dir', 'model_name', 'model_config', 'initial_checkpoint_dir') &&
      k.any(
        'train.micro_batch_size',
        'train.global_batch_size',
        'train.max_tokens',
        'train.lr_warmup_steps',
        'train.epochs',
      ),
  ],
  [
    'maxtext',
    (k) =>
      (k.any('base_config') && k.any('per_device_batch_size', 'model_name', 'steps', 'max_target_length')) ||
      (k.any('per_device_batch_size') &&
        k.any('max_target_length', 'ici_fsdp_parallelism', 'remat_policy', 'base_emb_dim')),
  ],
  [
    'verl',
    (k) =>
      k.isMap('actor_rollout_ref') ||
      (k.any('model.partial_pretrain') &&
        k.any('data.train_batch_size', 'data.micro_batch_size_per_gpu', 'data.micro_batch_size')) ||
      (k.any('trainer.n_gpus_per_node') && k.any('data.train_batch_size', 'algorithm', 'actor')),
  ],
  [
    'nemo',
    (k) =>
      (k.isMap('policy') && k.any('cluster.gpus_per_node', 'policy.train_global_batch_size')) ||
      (k.isMap('step_scheduler') && k.any('step_scheduler.global_batch_size', 'step_scheduler.local_batch_size')) ||
      (k.isMap('trainer') &&
        (k.isMap('exp_manager') ||
          k.any(
            'model.micro_batch_size',
            'model.global_batch_size',
            'model.tensor_model_parallel_size',
            'model.encoder_seq_length',
          ))),
  ],
  ['picotron', (k) => k.any('distributed.tp_size', 'distributed.dp_size') && k.isMap('training')],
  [
    'nanotron',
    (k) =>
      k.isMap('parallelism') &&
      k.isMap('tokens') &&
      k.any('tokens.micro_batch_size', 'tokens.sequence_length', 'tokens.train_steps'),
  ],
  [
    'hf-yaml',
    (k) =>
      k.count(...hugging) >= 3 &&
      k.any(
        'per_device_train_batch_size',
        'num_train_epochs',
        'gradient_accumulation_steps',
        'lr_scheduler_type',
        'max_steps',
        'save_total_limit',
      ) &&
      !k.any('best_metric', 'log_history'),
  ],
  [
    'hf-config',
    (k) =>
      k.any('model_type', 'architectures') &&
      k.any('hidden_size', 'n_embd', 'd_model', 'text_config', 'dim', 'hidden_dim', 'hidden_sizes') &&
      k.any('num_hidden_layers', 'n_layer', 'num_layers', 'n_layers', 'text_config', 'num_attention_heads', 'depths'),
  ],
  ['peft-config', (k) => k.any('peft_type') && k.any('r', 'base_model_name_or_path', 'target_modules')],
];

const known = new WeakMap<DataMap, string | null>();

/** The id of the reader that a config belongs to, by its keys; undefined where its keys are those of no format. */
export function formatOf(root: DataMap, file: SourceFile): string | undefined {
  const before = known.get(root);
  if (before !== undefined) return before ?? undefined;
  const keys = keysOf(root, file);
  const found = foreign(keys) ? undefined : signatures.find(([, holds]) => holds(keys))?.[0];
  const own = found === undefined && !foreign(keys) && !recorded(keys) && setsTraining(root);
  const result = found ?? (own ? 'hydra-yaml' : undefined);
  known.set(root, result ?? null);
  return result;
}

function keysOf(root: DataMap, file: SourceFile): Keys {
  const roots = new Set(root.entries.map((entry) => entry.key));
  const present = (path: string) => {
    if (!path.includes('.')) return roots.has(path);
    const steps = path.split('.');
    if (!roots.has(steps[0] ?? '')) return false;
    const last = steps.pop() ?? '';
    return entryOf(steps.length > 0 ? at(root, ...steps) : root, last) !== undefined;
  };
  return {
    root,
    language: file.languageId,
    path: file.uri,
    any: (...paths) => paths.some(present),
    all: (...paths) => paths.every(present),
    count: (...paths) => paths.filter(present).length,
    isMap: (path) => at(root, ...path.split('.'))?.kind === 'map',
  };
}
