import type { Catalog } from '../catalog/catalog.ts';
import { assumed, exact, likely } from '../workload/known.ts';
import { withOutputs } from '../workload/resolve/head.ts';
import { publishedFormat } from '../workload/resolve/precision.ts';
import type {
  CodeSpec,
  DataSpec,
  ModelSpec,
  ParallelismSpec,
  RecomputeSpec,
  ResourceSpec,
  ScheduleSpec,
  Task,
  WorkloadSpec,
} from '../workload/spec.ts';
import { adapterOf } from './adapter.ts';
import { type PredictCase, type Sheet, sheetOf } from './case.ts';
import { implementationOf, quantizationOf, stackOf, zeroStageOf } from './code.ts';
import { laterTokensOf, recordsSteps } from './container-recipe.ts';
import { codeOf } from './kernels.ts';
import { modelOf } from './model.ts';
import { optimizerOf } from './optimizer.ts';
import { recipeOf } from './recipe.ts';
import { servingOf } from './serving.ts';
import { known, stated } from './stated.ts';

/** Degrees and devices of a case. */
interface Layout {
  readonly perNode: number | undefined;
  readonly nodes: number | undefined;
  readonly devices: number;
}

function layoutOf(hardware: Sheet, stated: number | undefined): Layout {
  const perNode = hardware.number('gpus_per_node');
  const nodes = hardware.number('nodes');
  const total = hardware.number('total_gpus') ?? hardware.number('total_chips');
  if (stated !== undefined) return { perNode: stated, nodes: 1, devices: stated };
  if (perNode === undefined && total !== undefined) {
    return { perNode: Math.min(8, total), nodes: Math.ceil(total / 8), devices: total };
  }
  return { perNode, nodes, devices: (perNode ?? 1) * (nodes ?? 1) };
}

const tasks: Readonly<Record<string, Task>> = {
  pretrain: 'pretrain',
  finetune: 'finetune',
  lora: 'finetune',
  qlora: 'finetune',
  dpo: 'dpo',
  'vision-train': 'vision',
  inference: 'serving',
  kvcache: 'serving',
  checkpoint: 'finetune',
};

/** The model with a score in place of its logits where the loss is over classes or embeddings. */
function headedBy(loss: string, model: ModelSpec): ModelSpec {
  const scores = /seq_cls|classif|regress|embedding|infonce|contrastive|\breward|(?<!generative_)reranker/i.test(loss);
  return scores ? withOutputs(model, 'classes') : model;
}

/** The spec that a case describes: what it states, and open fields where it is silent. */
export function specOf(case_: PredictCase, catalog: Catalog): WorkloadSpec {
  const config = sheetOf(case_.config);
  const hardware = sheetOf(case_.hardware);
  const framework = case_.framework ?? '';
  const stack = stackOf(framework);
  const parallelism = config.sheet('parallelism');
  const layout = layoutOf(hardware, parallelism.number('devices_in_yaml'));
  const implementation = implementationOf(stack, framework, parallelism, layout.devices, {
    adapter: config.has('lora'),
  });
  const task = config.has('resolution') ? 'diffusion' : (tasks[case_.task] ?? 'finetune');
  const serving = task === 'serving';
  const adapter = adapterOf(case_, config, stack, implementation);
  const precision = recipeOf(config, {
    stack,
    implementation,
    adapter: adapter !== undefined,
    framework,
    task,
    card: hardware.text('gpu') ?? '',
  });
  const quantized = quantizationOf(config.text('quantization') ?? '');
  const model = headedBy(config.text('loss') ?? '', modelOf(case_.model, catalog, framework));
  const dpo = case_.task === 'dpo';
  const saved = savedStates(case_, config);
  const lisa = Number(config.sheet('other_args').text('lisa_activated_layers'));
  const name = sheetOf(case_.model).text('name') ?? '';
  const later = laterTokensOf(config, framework, name);
  return {
    task,
    code: {
      ...codeOf(config, stack, framework),
      ...(recordsSteps(framework, name, config.text('precision') ?? '', hardware.text('gpu') ?? '')
        ? { recordedSteps: exact(true, stated) }
        : {}),
    },
    model: {
      ...model,
      ...(quantized
        ? { quantization: exact(quantized.precision, stated), doubleQuantization: exact(quantized.double, stated) }
        : {}),
      ...(later > 0 ? { laterTokens: exact(later, stated) } : {}),
      ...(lisa > 0 ? { trainedLayers: { count: exact(lisa, stated), ends: exact(true, stated) } } : {}),
      ...(dpo ? { referenceModel: exact(!adapter && config.flag('precompute_ref_log_probs') !== true, stated) } : {}),
    },
    ...(adapter ? { adapter } : {}),
    precision: {
      parameters: known(
        precision?.parameters ?? (precision ? undefined : publishedFormat(model)),
        'the weights\u2019 format',
      ),
      compute: known(precision?.compute, 'the precision'),
      autocast: known(precision?.autocast, 'autocast'),
      masterWeights: known(saved ?? precision?.masterWeights, 'a master copy'),
      gradients: known(precision?.gradients, 'the gradients\u2019 format'),
    },
    optimizer: optimizerOf(config, stack, layout.devices, adapter !== undefined, precision?.compute),
    data: dataOf(config, task, sheetOf(case_.model).text('name') ?? ''),
    schedule: scheduleOf(config, layout, parallelism),
    parallelism: parallelismOf(config, parallelism, implementation, {
      devices: layout.devices,
      adapter: adapter !== undefined,
      stack,
      naive:
        naiveStages(case_, config, layout) ??
        // MaxText shards weights of itself.
        (serving || stack === 'maxtext'
          ? undefined
          : tooLargeForOne(model, quantized !== undefined, implementation, layout, splits(parallelism))),
    }),
    recompute: recomputeOf(config, stack, implementation),
    checkpoint: { enabled: exact(true, stated), savesOptimizer: exact(saved === true, stated) },
    ...(serving
      ? {
          serving: servingOf(
            config,
            framework,
            precision?.compute,
            quantized?.precision,
            sheetOf(case_.model).text('name') ?? '',
          ),
        }
      : {}),
    resources: resourcesOf(hardware, layout),
  };
}

/** Whether a published save holds optimiser states and master weights; undefined where no save is meant. */
function savedStates(case_: PredictCase, config: Sheet): boolean | undefined {
  if (case_.task !== 'checkpoint') return undefined;
  return /adam|master|optimizer/i.test(config.text('precision') ?? '');
}

/** Stages of a model laid over devices one after the other, as `device_map` does. */
function naiveStages(case_: PredictCase, config: Sheet, layout: Layout): number | undefined {
  const mapped = config.has('device_map') || config.sheet('parallelism').has('device_map');
  const plain =
    tasks[case_.task] === 'serving' &&
    !config.sheet('parallelism').has('tp') &&
    /^(transformers|accelerate|llama\.cpp|exllama|autoawq|autogptq)/i.test(case_.framework ?? '');
  return mapped || (plain && layout.devices > 1) ? layout.devices : undefined;
}

/** Bytes of the largest card that is widely rented (H200): a replica above it is split, whatever the launcher is called. */
const largestCard = 141e9;

/** Whether a run says how a replica is split over devices. */
const splits = (parallelism: Sheet) => parallelism.has('tp') || parallelism.has('pp');

/** Stages of a model that no card holds whole and nothing shards. */
function tooLargeForOne(
  model: ModelSpec,
  quantized: boolean,
  implementation: ParallelismSpec['implementation'],
  layout: Layout,
  split: boolean,
): number | undefined {
  if (implementation !== 'ddp' || split) return undefined;
  const bytes = (likely(model.parameters) ?? 0) * (quantized ? 0.6 : 2);
  return bytes > largestCard ? layout.devices : undefined;
}

/** Models that are pre-trained to write what they read. */
const denoises = /\bm?bart\b/i;

function dataOf(config: Sheet, task: Task, model: string): DataSpec {
  const packed = config.flag('packing') ?? config.flag('packed');
  const sample = config.number('max_sample_tokens');
  const length = sample ?? config.number('seq_len');
  // BART writes the whole text again that it reads with noise.
  const written = config.number('target_len') ?? (task === 'pretrain' && denoises.test(model) ? length : undefined);
  return {
    ...(config.text('dataset') === undefined ? {} : { dataset: exact(config.text('dataset') as string, stated) }),
    sequenceLength: known(length, 'the sequence length'),
    ...(written === undefined ? {} : { targetLength: exact(written, stated) }),
    packed: task === 'pretrain' ? exact(true, stated) : known(packed, 'packing'),
    ...(config.flag('padding_free') === undefined
      ? {}
      : { paddingFree: exact(config.flag('padding_free') === true, stated) }),
    ...pictureOf(config),
  };
}

/**
 * Pixels and frames: `1024`, `1024x1024`, `49x480x720` (frames, height, width), `832x480, 81 frames`, `480 px area, 48 frames`. Of sides
 * that differ the root of their product counts.
 */
function pictureOf(config: Sheet): Pick<DataSpec, 'imageSize' | 'frames'> {
  const text = config.text('resolution') ?? '';
  const sides = /(\d+)\s*x\s*(\d+)(?:\s*x\s*(\d+))?/i.exec(text)?.slice(1, 4).filter(Boolean).map(Number) ?? [];
  const [height, width] = sides.slice(-2);
  const area = /^(\d+) ?px/i.exec(text)?.[1];
  const side =
    config.number('image_size') ??
    config.number('resolution') ??
    (height && width ? Math.sqrt(height * width) : area === undefined ? undefined : Number(area));
  const frames =
    config.number('frames') ??
    config.number('num_frames') ??
    (sides.length === 3 ? sides[0] : Number(/(\d+) frames/i.exec(text)?.[1] ?? Number.NaN));
  return {
    ...(side === undefined ? {} : { imageSize: exact(side, stated) }),
    ...(frames === undefined || Number.isNaN(frames) ? {} : { frames: exact(frames, stated) }),
  };
}

function scheduleOf(config: Sheet, layout: Layout, parallelism: Sheet): ScheduleSpec {
  const micro = config.number('micro_batch_per_gpu') ?? config.number('batch');
  const model = (parallelism.number('tp') ?? 1) * (parallelism.number('pp') ?? 1) * (parallelism.number('cp') ?? 1);
  const data = parallelism.number('dp') ?? Math.max(1, Math.floor(layout.devices / model));
  const global = config.number('global_batch');
  const derived =
    micro !== undefined && global !== undefined ? Math.max(1, Math.round(global / (micro * data))) : undefined;
  return {
    microBatch: known(micro ?? (global === undefined ? undefined : Math.max(1, global / data)), 'the micro batch'),
    accumulation: known(config.number('grad_accum') ?? derived, 'gradient accumulation'),
    ...(config.number('epochs') === undefined ? {} : { epochs: exact(config.number('epochs') as number, stated) }),
    steps: known(config.number('steps'), 'the length of the run'),
  };
}

function parallelismOf(
  config: Sheet,
  parallelism: Sheet,
  implementation: ParallelismSpec['implementation'],
  of: {
    readonly adapter: boolean;
    readonly stack: CodeSpec['stack'];
    readonly naive: number | undefined;
    readonly devices: number;
  },
): ParallelismSpec {
  const degree = (key: string) => exact(Math.max(1, parallelism.number(key) ?? 1), stated);
  const words = [config.text('optimizer_offload'), config.text('optimizer')].join(' ').toLowerCase();
  const offload =
    parallelism.flag('offload') === true ||
    parallelism.flag('cpu_offload') === true ||
    config.flag('cpu_offload') === true ||
    /param\w* true/i.test(config.text('cpu_offload') ?? '');
  const offloads = [config, config.sheet('other_args')].some((one) => one.flag('optimizer_cpu_offload') === true);
  const optimizerOffload =
    offload || offloads || config.flag('optimizer_offload') === true || /offload/.test(words.replace('none', ''));
  const sequence = parallelism.flag('sequence_parallel');
  const zero = zeroStageOf(parallelism, implementation, of);
  const context = parallelism.number('cp') ?? parallelism.number('sequence_parallel_size');
  return {
    dataParallel: known(parallelism.number('dp'), 'data parallelism'),
    tensorParallel: degree('tp'),
    pipelineParallel: of.naive === undefined ? degree('pp') : exact(of.naive, stated),
    contextParallel: exact(Math.max(1, context ?? 1), stated),
    expertParallel: degree('ep'),
    sequenceParallel: known(
      sequence ?? (implementation === 'megatron' || implementation === 'fsdp2' ? true : undefined),
      'sequence parallelism',
    ),
    zeroStage: known(zero, 'the ZeRO stage'),
    ...(parallelism.number('fsdp') === undefined
      ? {}
      : { shardGroup: exact((parallelism.number('fsdp') as number) * Math.max(1, context ?? 1), stated) }),
    offloadOptimizer: exact(optimizerOffload ? 'cpu' : 'none', stated),
    offloadParameters: exact(offload ? 'cpu' : 'none', stated),
    implementation: of.naive === undefined ? implementation : 'none',
    ...(parallelism.number('vp') === undefined
      ? {}
      : { pipelineChunks: exact(parallelism.number('vp') as number, stated) }),
    ...(/interleaved/i.test(config.text('pp_schedule') ?? '')
      ? { pipelineSchedule: exact('interleaved', stated) }
      : {}),
    ...(config.flag('no_sync') === false ? { syncsEachBatch: exact(true, stated) } : {}),
    ...(/gradients too/.test(words) ? { offloadGradients: exact(true, stated) } : {}),
  };
}

/** Stacks that recompute unless told not to: `disable_gradient_checkpointing` is false in LLaMA-Factory, as in Unsloth's loader. */
const recomputing = new Set<CodeSpec['stack']>(['llamafactory', 'unsloth']);

function recomputeOf(
  config: Sheet,
  stack: CodeSpec['stack'],
  implementation: ParallelismSpec['implementation'],
): RecomputeSpec {
  const flag = config.flag('activation_checkpointing');
  const text = config.text('activation_checkpointing') ?? '';
  const mode =
    flag === true
      ? 'full'
      : flag === false
        ? 'none'
        : /selective/.test(text)
          ? 'selective'
          : text === ''
            ? undefined
            : 'full';
  const offloaded = config.flag('activation_cpu_offload') === true || /offload/.test(text);
  // litgpt's FSDP strategy recomputes every block.
  const byDefault =
    (stack === 'litgpt' && implementation === 'fsdp') || recomputing.has(stack)
      ? 'full'
      : stack === 'torchtitan'
        ? 'selective'
        : undefined;
  const modules = text.match(/[a-z_]+/g);
  return {
    mode: known(mode ?? byDefault, 'recomputation'),
    offloaded: exact(offloaded, stated),
    ...(mode === 'selective' && modules ? { modules: exact(modules, stated) } : {}),
  };
}

function resourcesOf(hardware: Sheet, layout: Layout): ResourceSpec {
  return {
    accelerator: known(hardware.text('gpu'), 'the accelerator'),
    perNode: known(layout.perNode, 'the accelerators of a node'),
    nodes: known(layout.nodes, 'the nodes'),
    priceKind: assumed('on-demand', 'on-demand'),
  };
}
