import type { CodeSpec, ParallelismSpec, Precision } from '../workload/spec.ts';
import type { Sheet } from './case.ts';

/** Stack behind the name that a published run gives its framework. */
export function stackOf(framework: string): CodeSpec['stack'] {
  const f = framework.toLowerCase();
  const table: readonly (readonly [RegExp, CodeSpec['stack']])[] = [
    [/megatron|\bnemo\b(?! automodel)/, 'megatron'],
    [/tensorrt/, 'tensorrt-llm'],
    [/vllm/, 'vllm'],
    [/sglang/, 'sglang'],
    [/lit-?gpt/, 'litgpt'],
    [/torchtitan/, 'torchtitan'],
    [/torchtune/, 'torchtune'],
    [/llm-foundry/, 'llm-foundry'],
    [/maxtext/, 'maxtext'],
    [/axolotl/, 'axolotl'],
    [/unsloth/, 'unsloth'],
    [/llama-?factory/, 'llamafactory'],
    [
      /diffusers|finetrainers|cogvideox-factory|simpletuner|musubi|sd-scripts|kohya|ai-toolkit|diffusion-pipe/,
      'diffusers',
    ],
    [/nano(?!tron)/, 'nanogpt'],
    [/timm/, 'timm'],
    [/method_comparison/, 'pytorch'],
    [/trl|fms-hf-tuning/, 'trl'],
    [/lightning/, 'lightning'],
    [/^accelerate/, 'accelerate'],
    [/swift|transformers|peft/, 'hf-trainer'],
    [/deepspeed/, 'deepspeed'],
    [/deeplearningexamples|gpt-fast|torchao|^pytorch\b(?!.*transformers)/, 'pytorch'],
  ];
  return table.find(([pattern]) => pattern.test(f))?.[1] ?? 'other';
}

/** Number formats that a run states: of matmuls, and of the weights as they are loaded. */
export interface StatedPrecision {
  readonly compute: Precision | undefined;
  readonly loaded: Precision | undefined;
}

/** Cards whose autocast is in bf16 unless told otherwise (TPU, Gaudi); PyTorch's on a GPU is in fp16 (`torch.get_autocast_dtype('cuda')`). */
const autocastsInBf16 = /\btpu\b|gaudi|\bhpu\b/i;

/**
 * Reads "bf16-true", "fp16 mixed", "amp_bf16", "bf16 + float8 linear" and kin: what the words say, and no more. "AMP" and "mixed" alone
 * are autocast in its own format, which the card decides.
 */
export function precisionOf(config: Sheet, card = ''): StatedPrecision | undefined {
  const text = (config.text('precision') ?? '').toLowerCase();
  if (text === '') return undefined;
  const compute: Precision = /nvfp4/.test(text)
    ? 'fp4'
    : /float8|fp8|mxfp8/.test(text)
      ? 'fp8'
      : /bf16|bfloat16|\b16[ -]?bit\b/.test(text)
        ? 'bf16'
        : /fp16|float16|f16/.test(text)
          ? 'fp16'
          : /tf32/.test(text)
            ? 'tf32'
            : /\bamp\b|mixed/.test(text) && !/fp32|float32/.test(text)
              ? autocastsInBf16.test(card)
                ? 'bf16'
                : 'fp16'
              : 'fp32';
  // Weights in integers are multiplied in 16 bits, and trained as such.
  if (/\bint[48]\b.*weights/.test(text)) return { compute: 'bf16', loaded: 'bf16' };
  if (/amp|mixed/.test(text)) return { compute, loaded: 'fp32' };
  if (compute === 'fp32' || compute === 'tf32') return { compute, loaded: 'fp32' };
  // The name of a tensor type is what a loader is given; the short word is a trainer's switch.
  if (/^(bfloat16|float16)$/.test(text)) return { compute: undefined, loaded: compute };
  return { compute, loaded: /true|full|pure/.test(text) ? compute : undefined };
}

/** What trains in parallel, by the stack and the keys that the run states. */
export function implementationOf(
  stack: CodeSpec['stack'],
  framework: string,
  parallelism: Sheet,
  devices: number,
  of: { readonly adapter: boolean },
): ParallelismSpec['implementation'] {
  // Megatron-DeepSpeed shards states by ZeRO; Megatron core has its own optimiser.
  if (/megatron-deepspeed/i.test(framework)) return 'deepspeed';
  if (stack === 'megatron') return 'megatron';
  if (parallelism.has('zero_stage') || parallelism.has('zero')) return 'deepspeed';
  // "(+DeepSpeed)": taken where it has something to share out; adapters on one device have not.
  if (/deepspeed/i.test(framework) && !(of.adapter && devices === 1)) return 'deepspeed';
  if (stack === 'torchtitan' || stack === 'torchtune') return devices > 1 ? 'fsdp2' : 'none';
  // litgpt takes a strategy of many devices for many devices only.
  if (stack === 'litgpt' && devices === 1) return 'none';
  // Axolotl's examples have been of FSDP's second version since it took it up.
  if (parallelism.has('fsdp') && parallelism.flag('fsdp') !== false) return stack === 'axolotl' ? 'fsdp2' : 'fsdp';
  return devices > 1 ? 'ddp' : 'none';
}

/** Stage by a number, "zero3", or what the implementation does of itself. */
export function zeroStageOf(
  parallelism: Sheet,
  implementation: ParallelismSpec['implementation'],
  of: { readonly adapter: boolean; readonly stack: CodeSpec['stack']; readonly devices?: number },
): 0 | 1 | 2 | 3 | undefined {
  const text = parallelism.text('zero_stage');
  const stage = parallelism.number('zero_stage') ?? (text ? Number(text.replace(/\D/g, '')) : undefined);
  if (stage === 0 || stage === 1 || stage === 2 || stage === 3) return stage;
  if (parallelism.text('fsdp') === 'SHARD_GRAD_OP') return 2;
  if (parallelism.text('fsdp') === 'NO_SHARD') return 0;
  if (implementation === 'fsdp' || implementation === 'fsdp2') return 3;
  // A loop of DeepSpeed's own on one device has nobody to share with; trainers keep the stage of their file.
  if (of.stack === 'deepspeed' && of.devices === 1) return 0;
  // Published recipes pair full fine-tuning with stage 3, adapters with stage 2, pipelines with stage 1.
  if (implementation === 'deepspeed') return of.stack === 'megatron' ? 1 : of.adapter ? 2 : 3;
  return undefined;
}

/** Format of quantised weights by the words of a run. */
export function quantizationOf(text: string): { readonly precision: Precision; readonly double: boolean } | undefined {
  const t = text.toLowerCase();
  if (t === '') return undefined;
  // Axolotl, Unsloth and their checkpoints quantise the scales too.
  const double = /dq|double|4-bit/.test(t);
  const wide = /int8|w8|8-bit|q8_0/.test(t);
  if (/nf4|bnb|bitsandbytes|4-bit/.test(t) && !wide && !/awq|gptq/.test(t)) return { precision: 'nf4', double };
  if (/nvfp4|fp4/.test(t)) return { precision: 'fp4', double };
  if (/mxfp4/.test(t)) return { precision: 'mxfp4', double };
  // torchao keeps its unsigned 4 bits in bytes of their own.
  if (wide || /\buint4\b/.test(t)) return { precision: 'int8', double };
  if (/fp8|float8/.test(t)) return { precision: 'fp8', double };
  if (/gptq|awq|int4|pre-quantised|\bi?q[2-6]_|bpw|\bfp6\b/.test(t)) return { precision: 'int4', double };
  return undefined;
}
