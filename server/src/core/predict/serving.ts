import { exact, type Known, unknown } from '../workload/known.ts';
import type { Precision, ServingSpec } from '../workload/spec.ts';
import type { Sheet } from './case.ts';

const stated = { kind: 'setting', key: 'case' } as const;

function known<T>(value: T | undefined, what: string): Known<T> {
  return value === undefined ? unknown(`${what} is not stated`) : exact(value, stated);
}

/** Release of vLLM that most published logs are of where they do not say: of the second engine's first year. */
const releaseOfLogs = '0.10';

/** The engine and its load, as a published run states them. */
export function servingOf(
  config: Sheet,
  framework: string,
  compute: Precision | undefined,
  quantized: Precision | undefined,
): ServingSpec {
  const f = framework.toLowerCase();
  const engine = ['vllm', 'sglang', 'tensorrt-llm', 'lmdeploy', 'tgi'].find((one) => f.includes(one)) ?? 'transformers';
  const output = config.number('output_len') ?? config.number('generate_tokens') ?? config.number('generate_len');
  const input = config.number('input_len') ?? config.number('prompt_len');
  const kv = config.text('kv_cache_quantization') ?? '';
  const version =
    /\d+\.\d+(\.\d+)?/.exec(framework)?.[0] ??
    (/v0 engine/.test(f) ? '0.5' : engine === 'vllm' ? releaseOfLogs : undefined);
  return {
    engine: exact(engine, stated),
    ...(version === undefined ? {} : { engineVersion: exact(version, stated) }),
    maximumLength: known(config.number('max_model_len') ?? config.number('seq_len'), 'the context length'),
    // The first engine of vLLM took 256 on every card.
    maximumSequences: known(/v0/.test(f) ? 256 : undefined, 'a limit of sequences'),
    memoryUtilization: known(config.number('gpu_memory_utilization'), 'the share of memory'),
    kvPrecision: exact(
      /int8/.test(kv) ? 'int8' : /fp8/.test(kv) ? 'fp8' : compute === 'fp32' ? 'fp32' : 'bf16',
      stated,
    ),
    weightPrecision: exact(quantized ?? compute ?? 'bf16', stated),
    replicas: exact(1, stated),
    ...(config.flag('enable_lora') === true
      ? { adapterRank: known(config.number('max_lora_rank'), 'the adapters\u2019 rank') }
      : {}),
    ...(input === undefined ? {} : { inputLength: exact(input, stated) }),
    ...(output === undefined ? {} : { outputLength: exact(output, stated) }),
    ...(config.number('batch') === undefined ? {} : { concurrency: exact(config.number('batch') as number, stated) }),
  };
}
