/** How a fact's value is written in JSON. `names`: a list, or the one string the file has. */
type ValueKind = 'text' | 'number' | 'flag' | 'names';

interface Word<K extends ValueKind> {
  readonly kind: K;
  readonly meaning: string;
}

const text = (meaning: string): Word<'text'> => ({ kind: 'text', meaning });
const number = (meaning: string): Word<'number'> => ({ kind: 'number', meaning });
const flag = (meaning: string): Word<'flag'> => ({ kind: 'flag', meaning });
const names = (meaning: string): Word<'names'> => ({ kind: 'names', meaning });

/**
 * Every fact that a text can state, under its dotted name. The same names stand in the CLI's JSON,
 * in settings, in changes that rules propose and in policy rules. Units are part of the name (`_hours`, `_gib`).
 */
export const vocabulary = {
  'model.name': text("identifier as written: a hub id or a framework's model name"),
  'model.path': text('local path or URI of the weights, where the file gives a path and no hub id'),
  'model.revision': text('hub revision'),
  'model.family': text('architecture family as the framework names it (llama3, flux)'),
  'model.size': text('size label as written (70B, 17bx16e, 7b)'),
  'model.arch': text('vision or other architecture name (resnet50, unet)'),
  'model.builder': text('torchtune builder component'),
  'model.vision_tower': text('second, vision model of a multimodal run'),
  'model.dtype': text('dtype the weights are loaded in (precision values)'),
  'model.attn_implementation': text('attention kernel as written (flash_attention_2, sdpa, eager)'),
  'model.num_layers': number("layers (for an encoder-decoder, the encoder's)"),
  'model.hidden_size': number('hidden or embedding width'),
  'model.ffn_hidden_size': number('feed-forward width'),
  'model.num_heads': number('attention (query) heads'),
  'model.num_kv_heads': number('key/value heads'),
  'model.head_dim': number('width of one head'),
  'model.vocab_size': number('vocabulary size'),
  'model.max_position_embeddings': number('position limit of the model'),
  'model.moe_ffn_hidden_size': number('width of one expert'),
  'model.moe_shared_hidden_size': number('width of the experts that every token passes'),
  'model.num_experts': number('experts of a mixture'),
  'model.experts_per_token': number('experts used per token'),
  'model.n_estimators': number('trees of a classic model'),
  'model.num_params': number('parameters, where the file states the count itself or builds the model layer by layer'),
  'model.trainable_params': number('parameters that are trained, where the program freezes the others'),
  'model.tie_embeddings': flag('input and output embedding share one matrix'),
  'model.head': text('what its last matrix leads to: vocabulary, or classes (labels, spans, scores, features)'),

  'training.method': text('sft, dpo, ppo, grpo, pretrain, reward, kto, rloo, remax, reinforce'),
  'training.precision': text('compute precision (precision values); fp8 means fp8 matmuls over bf16'),
  'training.mixed_precision': text(
    '"none" where the launcher says mixed precision is off (the compute dtype is then the model\'s)',
  ),
  'training.tf32': flag('TF32 matmuls allowed'),
  'training.fp8_backend': text('fp8 library'),
  'training.fp8_format': text('fp8 format'),
  'training.fp8_amax_history_len': number('length of the amax history'),
  'training.per_device_batch_size': number('sequences (or samples) per device and forward pass: the micro-batch'),
  'training.per_device_eval_batch_size': number('the same in evaluation'),
  'training.global_batch_size': number(
    'samples per optimiser step over all devices (for PPO-like runs: prompts per optimiser step)',
  ),
  'training.global_batch_tokens': number('tokens per optimiser step'),
  'training.tokens_per_microbatch': number('tokens per device and forward pass'),
  'training.gradient_accumulation_steps': number('as stated'),
  'training.epochs': number('number of epochs'),
  'training.max_steps': number('optimiser steps'),
  'training.num_steps': number('environment or rollout steps of an RL recipe'),
  'training.max_steps_per_epoch': number('cap per epoch'),
  'training.steps_per_epoch': number('steps per epoch'),
  'training.train_samples': number('total training samples'),
  'training.max_tokens': number('total training tokens'),
  'training.gradient_checkpointing': flag('activation recomputation in any form'),
  'training.activation_offloading': flag('activations kept on the host'),
  'training.compile': flag('torch.compile or an equal compiler switch'),
  'training.ema': flag('a running average of the weights beside the model'),
  'training.channels_last': flag('images laid out with their channels innermost (NHWC)'),
  'training.liger_kernel': flag('fused Liger kernels'),
  'training.max_grad_norm': number('gradient clipping norm'),
  'training.seed': number('seed'),
  'training.fused_loss': flag('logits and cross-entropy fused or chunked'),

  'optimizer.name': text('normalised name (see the list)'),
  'optimizer.variant': text('modifier on top of the named optimiser (galore)'),
  'optimizer.galore_rank': number('rank of GaLore'),
  'optimizer.lr': number('learning rate (of the main or actor model)'),
  'optimizer.base_lr': number('rate before a batch-size scaling rule'),
  'optimizer.max_lr': number('peak of a one-cycle schedule'),
  'optimizer.min_lr': number('final rate'),
  'optimizer.scheduler': text('normalised schedule name'),
  'optimizer.warmup_steps': number('warm-up in steps'),
  'optimizer.warmup_ratio': number('warm-up as a fraction of the run'),
  'optimizer.warmup_epochs': number('warm-up in epochs'),
  'optimizer.weight_decay': number('weight decay'),
  'optimizer.momentum': number('SGD momentum'),
  'optimizer.beta1': number('Adam beta 1'),
  'optimizer.beta2': number('Adam beta 2'),
  'optimizer.betas': names('both betas as a list'),
  'optimizer.eps': number('Adam epsilon'),
  'optimizer.in_backward': flag('steps taken inside the backward pass, so that gradients never live together'),
  'optimizer.fused': flag('fused optimiser kernel'),

  'data.dataset': text(
    'dataset identifier as written (the first of several, or the comma list where the format has one string)',
  ),
  'data.seq_len': number('sequence length in tokens that a training sample has at most'),
  'data.image_size': number('square image side in pixels'),
  'data.num_workers': number('loader workers'),
  'data.texts_per_sample': number(
    'texts of one sample that each pass the model (a pair or triplet of an embedding model)',
  ),
  'data.packing': flag('samples packed into one sequence'),
  'data.group_by_length': flag('batches made of samples of like length'),
  'data.val_fraction': number('fraction set aside for validation'),
  'data.bucket': text('address of the bucket that the training data is read from'),
  'data.bucket_region': text('region of that bucket, where the file says it'),
  'data.bucket_rereads': flag('that bucket is read again at every epoch (a mount, a stream), not copied at the start'),
  'data.config': text('configuration of the dataset'),
  'data.split': text('split of the dataset that is trained on'),
  'data.num_examples': number('training examples, where stated'),
  'data.num_tokens': number('training tokens of the dataset, where stated'),
  'data.mean_length': number('mean tokens of an example, where stated'),

  'lora.r': number('rank'),
  'lora.alpha': number('alpha'),
  'lora.dropout': number('dropout'),
  'lora.target_modules': names('list, or the one string the file has'),

  'peft.method': text('lora, qlora, adalora, boft, oft, freeze, full'),

  'quantization.bits': number('weight bits'),
  'quantization.method': text('nf4, fp4, gptq, awq, bnb, nvfp4'),
  'quantization.double_quant': flag('nested quantisation'),
  'quantization.compute_dtype': text('dtype of the quantised matmuls'),
  'quantization.qat': flag('quantisation-aware training'),

  'sweep.trials': number('runs of a hyperparameter search, at most'),
  'sweep.early_stopping': text('rule by which a search stops poor trials early; none where it has no such rule'),

  'distill.teacher': text('teacher model'),
  'distill.ratio': number('weight of the distillation loss'),

  'parallel.strategy': text('none, ddp, fsdp, deepspeed'),
  'parallel.zero_stage': number('ZeRO stage 0 to 3'),
  'parallel.fsdp_version': number('1 or 2'),
  'parallel.fsdp_sharding': text('full_shard, shard_grad_op, hybrid_shard, no_shard'),
  'parallel.fsdp_shard_size': number('ranks in one shard group'),
  'parallel.fsdp_replicate_size': number('replicas of the shard group'),
  'parallel.offload_optimizer': text('cpu, nvme, none'),
  'parallel.offload_params': text('cpu, nvme, none'),
  'parallel.dp': number('data parallel degree'),
  'parallel.tp': number("tensor parallel degree (training, or the engine's in a serving file)"),
  'parallel.pp': number('pipeline parallel degree'),
  'parallel.cp': number('context parallel degree'),
  'parallel.sp': number('Ulysses-like sequence parallel degree'),
  'parallel.ep': number('expert parallel degree'),
  'parallel.sequence_parallel': flag('Megatron sequence parallelism on or off'),
  'parallel.distributed_optimizer': flag('Megatron distributed optimiser'),

  'checkpoint.enabled': flag('checkpoints written at all'),
  'checkpoint.output_dir': text('where outputs and checkpoints go'),
  'checkpoint.save_strategy': text('steps, epoch, no'),
  'checkpoint.save_steps': number('steps between checkpoints'),
  'checkpoint.save_epochs': number('epochs between checkpoints'),
  'checkpoint.saves_per_epoch': number('checkpoints per epoch'),
  'checkpoint.save_total_limit': number('checkpoints kept'),
  'checkpoint.save_only_model': flag('weights alone are saved, no optimiser states'),
  'checkpoint.resume': flag('an interrupted run goes on from its last checkpoint by itself'),
  'checkpoint.resume_from': text('the one checkpoint that a run starts from, where it is not the latest'),
  'checkpoint.on_signal': text('signal on which the program saves before it ends: SIGUSR1, SIGTERM'),
  'checkpoint.restores_data': flag('a resumed run goes on in its data where it stood'),
  'checkpoint.async': flag('saves are written behind the work'),
  'checkpoint.gathers_weights': flag('weights that ZeRO 3 has split are gathered for a save'),
  'checkpoint.state_dict_type': text('full_state_dict or sharded_state_dict'),

  'eval.strategy': text('steps, epoch, no'),
  'eval.steps': number('steps between evaluations'),
  'eval.evals_per_epoch': number('evaluations per epoch'),

  'logging.report_to': text('tracker'),

  'rl.beta': number('DPO/GRPO/ORPO beta'),
  'rl.kl_coef': number('KL penalty coefficient'),
  'rl.critic_lr': number("critic's learning rate"),
  'rl.max_prompt_length': number('prompt tokens'),
  'rl.max_completion_length': number('response tokens'),
  'rl.num_generations': number('samples per prompt'),
  'rl.rollout_batch_size': number('prompts per rollout'),
  'rl.rollout_engine': text('vllm, sglang, hf'),
  'rl.rollout_engines': number('number of rollout engines'),
  'rl.rollout_colocated': flag('the rollout engine shares the devices that train'),
  'rl.rollout_sleep': flag('the rollout engine gives its memory back while the model is trained'),
  'rl.rollout_workers': number('number of rollout workers'),
  'rl.reward_model': text('reward model'),
  'rl.total_episodes': number('episodes'),

  'hardware.accelerator': text('normalised accelerator'),
  'hardware.accelerator_candidates': names('list, where any one will do'),
  'hardware.accelerator_class': text('gpu, cpu, tpu where no more is stated'),
  'hardware.accelerator_vendor': text('nvidia, amd, intel, google, aws where no more is stated'),
  'hardware.gpu_memory_gb': number('device memory asked for'),
  'hardware.gpus_per_node': number('GPUs on one node (or one pod, or one replica of a service)'),
  'hardware.accelerators_per_node': number('the same for TPU chips and Trainium devices'),
  'hardware.processes_per_node': number('processes started per node where the file does not say they are GPUs'),
  'hardware.nodes': number('nodes, workers or pods of the job'),
  'hardware.train_nodes': number('nodes that train, where others serve'),
  'hardware.train_gpus': number('GPUs that train, where others serve'),
  'hardware.total_gpus': number('GPUs in all'),
  'hardware.total_accelerators': number('other accelerators in all'),
  'hardware.tpu_topology': text('as written (2x4)'),
  'hardware.slices': number('TPU slices'),
  'hardware.nodes_per_slice': number('hosts of one slice'),
  'hardware.instance_type': text('cloud instance or machine type'),
  'hardware.spot': flag('spot, preemptible or interruptible capacity'),
  'hardware.time_limit_hours': number('wall-clock limit in hours'),
  'hardware.max_wait_hours': number('limit that includes waiting for spot capacity'),

  'resources.cpu_request': number('CPUs requested (100m = 0.1)'),
  'resources.cpu_limit': number('CPU limit'),
  'resources.cpus_per_task': number('Slurm CPUs per task'),
  'resources.memory_request_gib': number("memory requested in GiB (a file's plain G or GB is taken as written)"),
  'resources.memory_limit_gib': number('memory limit in GiB'),
  'resources.memory_gib': number('memory of a function or job in GiB'),
  'resources.memory_gb': number('memory in GB as the scheduler counts it'),
  'resources.disk_gb': number("disk or volume size in the file's own G unit"),
  'resources.shm_gb': number('shared memory'),

  'job.name': text('job, task, service or deployment name'),
  'job.image': text('container image (without a docker: prefix)'),
  'job.queue': text('queue, partition or local queue'),
  'job.config': text('config, recipe or entry script that a launcher names'),
  'job.command': text('command of a pipeline stage'),
  'job.runtime': text('named runtime that a job refers to'),
  'job.restart_policy': text('as written'),
  'job.backoff_limit': number('as written'),
  'job.requeue': flag('what runs the job starts it anew after its capacity was taken back'),
  'job.signal': text('signal sent ahead of the end, as written (B:USR1@120)'),
  'job.notice_seconds': number('how long ahead of the end that signal comes'),
  'job.append_logs': flag('a job that is started anew writes on behind its old log'),
  'job.max_retries': number('retries or restarts allowed'),
  'job.min_replicas': number('lower bound of an elastic group'),
  'job.max_replicas': number('upper bound of an elastic group'),

  'serving.engine': text('vllm, sglang, tgi, triton, tensorflow, tensorrt-llm, llama.cpp'),
  'serving.backend': text('Triton backend or platform'),
  'serving.replicas': number('replicas'),
  'serving.min_replicas': number('lower bound'),
  'serving.max_replicas': number('upper bound'),
  'serving.instances': number('model instances per device'),
  'serving.tp': number('tensor parallel degree of a rollout engine inside a training job'),
  'serving.max_model_len': number('context length of the engine'),
  'serving.max_num_seqs': number('concurrent sequences'),
  'serving.max_batch_size': number('engine batch'),
  'serving.gpu_memory_utilization': number('fraction of device memory'),
  'serving.dtype': text('compute dtype of the engine'),
  'serving.input_dtype': text('dtype of the first input tensor'),
  'serving.draft_model': text('model that drafts tokens for speculative decoding'),
  'serving.speculative_method': text('how tokens are drafted (eagle, ngram, mtp)'),
  'serving.speculative_tokens': number('tokens drafted ahead of one check'),
  'serving.prefix_caching': flag('prefix cache on'),
  'serving.kv_offload_gib': number('KV cache offloaded to the host'),
  'serving.expert_parallel': flag('expert parallelism on'),
  'serving.dynamic_batching': flag('dynamic batching on'),
  'serving.max_loras': number('adapters at once'),
  'serving.max_lora_rank': number('highest adapter rank'),
  'serving.accelerator_plugin': text('execution accelerator'),
  'serving.runtime_version': text('version of the serving runtime'),
  'serving.target_concurrency': number("autoscaler's target"),
  'serving.kv_dtype': text('dtype of the KV cache (precision values)'),
  'serving.max_batched_tokens': number('tokens of one engine step'),

  'infra.cloud': text('aws, gcp, azure'),
  'infra.region': text('region or zone as written'),
  'infra.zones': names('zones that the nodes may stand in, where the file names them all'),
  'infra.mounts': names('paths where storage is mounted that outlives the machine'),
  'infra.cluster_name': text('cluster'),
  'infra.compute': text('named compute target'),
  'infra.min_nodes': number('lower bound of a node group'),
  'infra.desired_nodes': number('desired size'),
  'infra.max_nodes': number('upper bound'),
  'infra.max_vcpus': number('upper bound in vCPUs'),
  'infra.capacity_type': text('special capacity (capacity-block)'),
  'infra.allocation_strategy': text('as written'),
  'infra.efa': flag('EFA networking on'),
  'infra.scheduler': text('slurm'),
  'infra.head_instance_type': text("head node's instance type"),
  'infra.fsx_capacity_gib': number('file system capacity'),
  'infra.price_kind': text('on-demand, spot, reserved'),
  'infra.hourly_rate_usd': number('own rate in dollars per accelerator-hour'),
} as const;

/** A dotted fact name. */
export type FactName = keyof typeof vocabulary;

interface ValueOf {
  readonly text: string;
  readonly number: number;
  readonly flag: boolean;
  readonly names: string | readonly string[];
}

/** The value type of each fact. */
export type FactValues = { readonly [N in FactName]: ValueOf[(typeof vocabulary)[N]['kind']] };

/** Any fact's value. */
export type FactValue = FactValues[FactName];

/** True for a name of the vocabulary. */
export function isFactName(name: string): name is FactName {
  return Object.hasOwn(vocabulary, name);
}
