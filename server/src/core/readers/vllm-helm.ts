import type { SourceFile } from '../source/source-file.ts';
import { at, type DataNode } from '../syntax/data.ts';
import { listCommands } from './dialects/embedded-command.ts';
import { accelerator, amount, count, cpus, flag, gib, precision, words } from './dialects/form.ts';
import { allow } from './dialects/insert.ts';
import { jobReader } from './dialects/job-reader.ts';
import { keySpan } from './dialects/kubernetes.ts';
import { itemsAt, textAt } from './dialects/manifest.ts';
import { putModelOfRepository } from './dialects/model-uri.ts';
import { putExpressions } from './dialects/node-labels.ts';
import { putEngineFlags } from './dialects/put-command.ts';
import { has, imply, newSheet, put, type Sheet, type Survey, survey } from './dialects/sheet.ts';
import type { ReadContext, Reader } from './reader.ts';

/** Values of the vLLM production stack's Helm chart: a workload for each model. */
export const reader: Reader = jobReader({
  id: 'vllm-helm',
  info: { title: 'vLLM production stack', files: 'Helm values with `servingEngineSpec:`' },
  languages: ['yaml'],
  mentions: (text) => text.includes('servingEngineSpec') && text.includes('modelSpec'),
  surveys: (file, context) =>
    context.syntax
      .data(file)
      .flatMap(({ root }) => itemsAt(root, 'servingEngineSpec', 'modelSpec'))
      .flatMap((model) => readModel(file, model, context)),
});

function readModel(file: SourceFile, model: DataNode, { syntax }: ReadContext): readonly Survey[] {
  const sheet = newSheet(file);
  put(sheet, 'job.name', at(model, 'name'), words);
  putModelOfRepository(sheet, at(model, 'modelURL'));
  if (!has(sheet, 'model.name')) put(sheet, 'model.path', at(model, 'modelURL'), words);
  put(sheet, 'job.image', at(model, 'repository'), words);
  put(sheet, 'serving.replicas', at(model, 'replicaCount'), count);
  put(sheet, 'serving.min_replicas', at(model, 'keda', 'minReplicaCount'), count);
  put(sheet, 'serving.max_replicas', at(model, 'keda', 'maxReplicaCount'), count);
  putRequests(sheet, model);
  putEngine(sheet, model);
  putEngineFlags(sheet, listCommands(syntax, [at(model, 'vllmConfig', 'extraArgs')]), 'vllm');
  const name = at(model, 'repository') ?? at(model, 'modelURL');
  if (name) imply(sheet, 'serving.engine', 'vllm', name.span, 'The chart fixes the serving engine.');
  const anchor = keySpan(model, 'requestGPU') ?? keySpan(model, 'name') ?? model.span;
  return [survey(sheet, 'vllm-helm', textAt(model, 'name') ?? 'model', 'serving', anchor)];
}

function putRequests(sheet: Sheet, model: DataNode): void {
  put(sheet, 'hardware.gpus_per_node', at(model, 'requestGPU'), count);
  put(sheet, 'hardware.accelerator', at(model, 'device'), accelerator('short'));
  put(sheet, 'resources.cpu_request', at(model, 'requestCPU'), cpus);
  put(sheet, 'resources.memory_request_gib', at(model, 'requestMemory'), gib());
  put(sheet, 'resources.cpu_limit', at(model, 'limitCPU'), cpus);
  put(sheet, 'resources.memory_limit_gib', at(model, 'limitMemory'), gib());
  put(sheet, 'resources.disk_gb', at(model, 'pvcStorage'), gib());
  put(sheet, 'resources.shm_gb', at(model, 'shmSize'), gib());
  for (const term of itemsAt(model, 'nodeSelectorTerms')) putExpressions(sheet, term);
  // Without a request of GPUs the engine's own visible devices tell nothing of the node.
  allow(sheet, 'hardware.gpus_per_node', model, 'requestGPU', String);
}

function putEngine(sheet: Sheet, model: DataNode): void {
  const engine = at(model, 'vllmConfig');
  put(sheet, 'serving.max_model_len', at(engine, 'maxModelLen'), count);
  put(sheet, 'serving.max_num_seqs', at(engine, 'maxNumSeqs'), count);
  put(sheet, 'serving.gpu_memory_utilization', at(engine, 'gpuMemoryUtilization'), amount);
  put(sheet, 'serving.prefix_caching', at(engine, 'enablePrefixCaching'), flag);
  put(sheet, 'serving.dtype', at(engine, 'dtype'), precision);
  put(sheet, 'serving.max_loras', at(engine, 'maxLoras'), count);
  put(sheet, 'parallel.tp', at(engine, 'tensorParallelSize'), count);
  put(sheet, 'parallel.pp', at(engine, 'pipelineParallelSize'), count);
  put(sheet, 'serving.max_lora_rank', at(engine, 'maxLoraRank'), count);
  put(sheet, 'serving.kv_offload_gib', at(model, 'lmcacheConfig', 'cpuOffloadingBufferSize'), gib('g'));
  allow(sheet, 'serving.max_model_len', engine, 'maxModelLen', String);
  allow(sheet, 'serving.max_num_seqs', engine, 'maxNumSeqs', String);
  allow(sheet, 'serving.gpu_memory_utilization', engine, 'gpuMemoryUtilization', String);
  allow(sheet, 'serving.dtype', engine, 'dtype', (value) => precision.spell(String(value), 'bfloat16'));
  allow(sheet, 'serving.prefix_caching', engine, 'enablePrefixCaching', String);
  allow(sheet, 'parallel.tp', engine, 'tensorParallelSize', String);
}
