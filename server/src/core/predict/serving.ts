import { exact } from '../workload/known.ts';
import type { Precision, ServingSpec } from '../workload/spec.ts';
import { weightBitsIn } from '../workload/weight-bits.ts';
import type { Sheet } from './case.ts';
import { known, stated } from './stated.ts';

/** Months from which releases of vLLM were out, newest first. */
const releaseMonths: readonly (readonly [number, string])[] = [
  [202604, '0.19'],
  [202602, '0.17'],
  [202510, '0.11'],
  [202508, '0.10'],
  [202506, '0.9'],
  [202504, '0.8'],
  [202502, '0.7'],
  [202410, '0.6'],
  [202407, '0.5'],
  [202404, '0.4'],
  [202401, '0.3'],
  [0, '0.2'],
];
const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** The release of vLLM of a month and year that words name: "vLLM (Sept 2025)"; the middle of a year alone. */
function releaseOn(words: string): string | undefined {
  const found = /(?:\b([a-z]{3})[a-z]* )?(20[2-9]\d)\b/.exec(words);
  if (!found) return undefined;
  const month = monthNames.indexOf(found[1] ?? 'jun') + 1;
  const date = Number(found[2]) * 100 + Math.max(1, month);
  return releaseMonths.find(([since]) => since <= date)?.[1];
}

/** Models that their makers replaced within months, and the release of transformers that stood beside them (February and June 2024). */
const shortLived: readonly (readonly [RegExp, string])[] = [
  [/qwen-?1\.5\b/i, '4.37'],
  [/qwen-?2(?![.\d])(?!-?vl)/i, '4.40'],
];

/** The release of transformers of a run that names none, where its model tells when it ran. */
function releaseBeside(framework: string, model: string): string | undefined {
  return /^transformers\b/.test(framework) ? shortLived.find(([name]) => name.test(model))?.[1] : undefined;
}

/** Release of vLLM that most published logs are of where they do not say: of the second engine's first year. */
const releaseOfLogs = '0.9';

/** Engines by the words of a framework's name; what none of them names generates with transformers or like it. */
const engines = [
  [/vllm/, 'vllm'],
  [/sglang/, 'sglang'],
  [/tensorrt-llm/, 'tensorrt-llm'],
  [/lmdeploy/, 'lmdeploy'],
  [/\btgi\b|text-generation-inference/, 'tgi'],
  [/llama\.cpp/, 'llama.cpp'],
  [/exllama/, 'exllama'],
  [/\bmlc\b/, 'mlc'],
  [/autoawq/, 'autoawq'],
  [/habana/, 'habana'],
  [/neuronx/, 'neuronx'],
] as const;

/**
 * Tokens of a prompt and of an answer in the mean where requests of no stated length are sent: the benchmark scripts of vLLM,
 * LMDeploy and SGLang draw them from ShareGPT's conversations (vLLM's, of the tokenizer of Llama 2: 220 and 190; LMDeploy's 247 and 233).
 */
const conversation = { input: 230, output: 210 } as const;

/** The engine and its load, as a published run states them. */
export function servingOf(
  config: Sheet,
  framework: string,
  compute: Precision | undefined,
  quantized: Precision | undefined,
  model: string,
): ServingSpec {
  const f = framework.toLowerCase();
  const engine = engines.find(([name]) => name.test(f))?.[1] ?? 'transformers';
  const conversations = config.number('num_requests') !== undefined;
  const output =
    config.number('output_len') ??
    config.number('generate_tokens') ??
    config.number('generate_len') ??
    (conversations ? conversation.output : undefined);
  const input =
    config.number('input_len') ?? config.number('prompt_len') ?? (conversations ? conversation.input : undefined);
  const kv = config.text('kv_cache_quantization') ?? config.text('kv_cache_dtype') ?? '';
  // Requests that are sent at once all run at once, as far as the engine lets them.
  const load = config.number('batch') ?? config.number('num_requests');
  const bits = weightBitsIn(config.text('quantization') ?? '');
  const method = /awq|gptq/.exec((config.text('quantization') ?? '').toLowerCase())?.[0];
  const version =
    /\d+\.\d+(\.\d+)?/.exec(framework)?.[0] ??
    (/\bv0\b/.test(f) ? '0.5' : engine === 'vllm' ? (releaseOn(f) ?? releaseOfLogs) : releaseBeside(f, model));
  return {
    engine: exact(engine, stated),
    ...(version === undefined ? {} : { engineVersion: exact(version, stated) }),
    maximumLength: known(config.number('max_model_len') ?? config.number('seq_len'), 'the context length'),
    // The first engine of vLLM took 256 on every card.
    maximumSequences: known(/v0/.test(f) ? 256 : undefined, 'a limit of sequences'),
    memoryUtilization: known(
      config.number('gpu_memory_utilization') ?? config.number('mem_fraction_static'),
      'the share of memory',
    ),
    ...laidOut(config),
    kvPrecision: exact(
      /int8/.test(kv) ? 'int8' : /fp8/.test(kv) ? 'fp8' : compute === 'fp32' ? 'fp32' : 'bf16',
      stated,
    ),
    weightPrecision: exact(quantized ?? compute ?? 'bf16', stated),
    ...(method === undefined ? {} : { weightMethod: exact(method, stated) }),
    ...(bits === undefined ? {} : { weightBits: exact(bits, stated) }),
    replicas: exact(1, stated),
    ...(config.flag('enable_lora') === true
      ? { adapterRank: known(config.number('max_lora_rank'), 'the adapters\u2019 rank') }
      : {}),
    ...(input === undefined ? {} : { inputLength: exact(input, stated) }),
    ...(output === undefined ? {} : { outputLength: exact(output, stated) }),
    ...(load === undefined ? {} : { concurrency: exact(load, stated) }),
  };
}

/** A cache that is laid out at a stated length, with the square mask that comes with it unless it is made line by line. */
function laidOut(config: Sheet): Pick<ServingSpec, 'cacheLength' | 'squareMask'> {
  const length = config.number('kv_cache_len');
  if (length === undefined) return {};
  return { cacheLength: exact(length, stated), squareMask: exact(config.flag('linear_causal_mask') !== true, stated) };
}
