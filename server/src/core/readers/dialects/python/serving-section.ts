import type { Program } from '../../../evaluate/python.ts';
import type { CallEvent, Value } from '../../../evaluate/value.ts';
import { toAccelerator } from '../accelerator-name.ts';
import { callsOf } from './calls.ts';
import { positive, text } from './forms.ts';
import { type Key, keysOf, putKeys, settingOf } from './keywords.ts';
import { imply, type Ledger, put, settle } from './ledger.ts';
import { memory } from './resource-section.ts';

/** Keywords of vLLM's engine, which SGLang and Ray Serve share in part. */
const engineKeys: readonly Key[] = keysOf([
  ['tensor_parallel_size', 'parallel.tp', 'positive'],
  ['tp_size', 'parallel.tp', 'positive'],
  ['pipeline_parallel_size', 'parallel.pp', 'positive'],
  ['data_parallel_size', 'parallel.dp', 'positive'],
  ['max_model_len', 'serving.max_model_len', 'positive'],
  ['context_length', 'serving.max_model_len', 'positive'],
  ['max_num_seqs', 'serving.max_num_seqs', 'positive'],
  ['max_running_requests', 'serving.max_num_seqs', 'positive'],
  ['gpu_memory_utilization', 'serving.gpu_memory_utilization', 'number'],
  ['mem_fraction_static', 'serving.gpu_memory_utilization', 'number'],
  ['dtype', 'serving.dtype', 'precision'],
  ['quantization', 'quantization.method', 'text'],
  ['enable_prefix_caching', 'serving.prefix_caching', 'flag'],
  ['speculative_model', 'serving.draft_model', 'text'],
  ['num_speculative_tokens', 'serving.speculative_tokens', 'positive'],
  ['speculative_draft_model_path', 'serving.draft_model', 'text'],
  ['speculative_num_draft_tokens', 'serving.speculative_tokens', 'positive'],
  ['speculative_algorithm', 'serving.speculative_method', 'text'],
  ['enable_expert_parallel', 'serving.expert_parallel', 'flag'],
  ['max_loras', 'serving.max_loras', 'positive'],
  ['max_lora_rank', 'serving.max_lora_rank', 'positive'],
]);

/** Keywords of vLLM's `speculative_config`. */
const draftKeys: readonly Key[] = keysOf([
  ['model', 'serving.draft_model', 'text'],
  ['method', 'serving.speculative_method', 'text'],
  ['num_speculative_tokens', 'serving.speculative_tokens', 'positive'],
]);

/** Puts what a map or object of engine arguments says. */
export function putEngine(ledger: Ledger, settings: Value | undefined, call?: CallEvent): void {
  if (settings) putKeys(ledger, engineKeys, (name) => settingOf(settings, name), call);
}

/** The engine that a program makes by itself (`vllm.LLM`, `AsyncEngineArgs`, `sglang.Engine`); undefined where it makes none. */
export function readEngine(program: Program, ledger: Ledger): CallEvent | undefined {
  const [made] = callsOf(
    program,
    /^vllm\.(\w+\.)*(LLM|AsyncEngineArgs|EngineArgs)$|^(sglang|sgl)\.(\w+\.)*(Engine|Runtime)$/,
  );
  if (!made) return undefined;
  imply(ledger, 'serving.engine', made.path.startsWith('vllm') ? 'vllm' : 'sglang', made.at);
  const model = made.keywords.get('model') ?? made.keywords.get('model_path') ?? made.positional[0];
  putModel(ledger, model);
  putKeys(ledger, engineKeys, (name) => made.keywords.get(name), made);
  const draft = made.keywords.get('speculative_config');
  if (draft) putKeys(ledger, draftKeys, (name) => settingOf(draft, name));
  return made;
}

/** A model by its hub name, or the path of its weights. */
function putModel(ledger: Ledger, value: Value | undefined): void {
  const settled = value && settle(value);
  const path = settled?.kind === 'string' && /^[/.~]|:\/\//.test(settled.value);
  put(ledger, path ? 'model.path' : 'model.name', settled, text, { quiet: true });
}

/** Puts a service of BentoML: its resources, its traffic, the model it loads. */
export function readBento(program: Program, ledger: Ledger): CallEvent | undefined {
  const made = callsOf(program, /^bentoml\.(\w+\.)*service$/).find((event) => event.keywords.has('resources'));
  const resources = made && settle(made.keywords.get('resources') ?? made.result);
  if (!made || resources?.kind !== 'dict' || !resources.store.get('gpu')) return undefined;
  put(ledger, 'job.name', made.keywords.get('name'), text, { quiet: true });
  put(ledger, 'hardware.gpus_per_node', resources.store.get('gpu'), positive);
  const type = resources.store.get('gpu_type');
  const device = type && settle(type);
  const named = device?.kind === 'string' ? toAccelerator(device.value) : undefined;
  if (named !== undefined && device) imply(ledger, 'hardware.accelerator', named, device.at);
  put(ledger, 'resources.memory_request_gib', resources.store.get('memory'), memory, { quiet: true });
  const traffic = made.keywords.get('traffic');
  if (traffic?.kind === 'dict') put(ledger, 'serving.target_concurrency', traffic.store.get('concurrency'), positive);
  const [model] = callsOf(program, /^bentoml\.(\w+\.)*HuggingFaceModel$/);
  putModel(ledger, model?.positional[0] ?? model?.keywords.get('model_id'));
  readEngine(program, ledger);
  return made;
}

/** Puts a language model that Ray Serve deploys (`LLMConfig`): its model, engine, device and the autoscaler's bounds. */
export function readRayLlm(program: Program, ledger: Ledger): CallEvent | undefined {
  const [made] = callsOf(program, /^ray\.(\w+\.)*LLMConfig$/);
  if (!made) return undefined;
  const get = (name: string) => made.keywords.get(name);
  const loading = get('model_loading_config');
  putModel(ledger, settingOf(loading, 'model_source') ?? settingOf(loading, 'model_id'));
  imply(ledger, 'serving.engine', 'vllm', made.at);
  const type = get('accelerator_type');
  const device = type && settle(type);
  const named = device?.kind === 'string' ? toAccelerator(device.value) : undefined;
  if (named !== undefined && device) imply(ledger, 'hardware.accelerator', named, device.at);
  putEngine(ledger, get('engine_kwargs'));
  const scaling = settingOf(get('deployment_config'), 'autoscaling_config');
  put(ledger, 'serving.min_replicas', settingOf(scaling, 'min_replicas'), positive, { quiet: true });
  put(ledger, 'serving.max_replicas', settingOf(scaling, 'max_replicas'), positive, { quiet: true });
  put(ledger, 'serving.target_concurrency', settingOf(scaling, 'target_ongoing_requests'), positive, { quiet: true });
  return made;
}
