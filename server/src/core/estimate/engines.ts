/** How an engine runs a model: what decides the floor of a decoding step. */
export type EngineKind = 'eager' | 'graph';

/** What distinguishes the engines in time and memory beyond their kernels. */
export interface EngineTraits {
  /** `graph`: a decoding step is one recorded graph, one compiled program, or native code that launches ahead. */
  readonly kind: EngineKind;
  /** Fills its share of the device with blocks for keys and values when it starts. */
  readonly pool: boolean;
  /** Sequences at once where nothing states them; absent where the card decides. */
  readonly slots?: number;
  /** Tokens of a prompt that pass at once; absent where the whole prompt does. */
  readonly promptChunk?: number;
  /** Host seconds that every step takes before its graph starts: scheduling, inputs, sampling and detokenising in Python. */
  readonly hostStep: number;
  /** Whether a prompt's pass forms the logits of all its tokens, widened to fp32. */
  readonly wholeLogits: boolean;
  /** Spells the scores of a prompt out, every token against every one. */
  readonly spelledScores?: boolean;
}

const recorded: EngineTraits = { kind: 'graph', pool: false, hostStep: 0, wholeLogits: false };
const pooled: EngineTraits = { ...recorded, pool: true };

/**
 * vLLM's first engine did its scheduling between the steps: 4.2 ms a token for a model of half a billion parameters whose
 * kernels take 1.4, at every size the same 2 to 3 ms more (Qwen2's and Qwen2.5's speed tables, 0.4.2 and 0.6.3). The second
 * engine (0.8) took most of that away.
 */
const vllmSteps: readonly { readonly since: number; readonly seconds: number }[] = [
  { since: 0, seconds: 2.5e-3 },
  { since: 8, seconds: 0 },
];

/** Slots of llama.cpp's server (`-np`: four since December 2025, of one context); chunk of a prompt there (`-ub 512`) and in ExLlama (`max_input_len`, `chunk_size` 2,048). */
const nativeEngines: readonly (readonly [RegExp, EngineTraits])[] = [
  [/llama\.?cpp|gguf|ollama|koboldcpp|llamafile|lm-?studio/i, { ...recorded, slots: 4, promptChunk: 512 }],
  [/exllama|tabbyapi/i, { ...recorded, promptChunk: 2048 }],
  [/sglang|trt|tensorrt|tgi|text-generation-inference|turbomind|lmdeploy/i, pooled],
  [/autoawq/i, { ...recorded, spelledScores: true }],
  [/gpt-fast|mlc|tinychat|ctranslate2|fastertransformer|habana|gaudi|neuronx|deepspeed-mii|fastgen/i, recorded],
];

/** Release of transformers from which a prompt's pass forms the logits of its last token alone. */
const lastTokenLogits = 4.45;

/** Traits of an engine by its name, in a release such as "0.6.3" where one is known. */
export function engineTraits(engine: string, version?: string): EngineTraits {
  if (/vllm/i.test(engine)) return { ...pooled, hostStep: vllmStep(version) };
  const native = nativeEngines.find(([name]) => name.test(engine));
  if (native) return native[1];
  const release = /^v?(\d+\.\d+)/.exec(version ?? '')?.[1];
  const whole = engine === 'transformers' && release !== undefined && Number(release) < lastTokenLogits;
  return { kind: 'eager', pool: false, hostStep: 0, wholeLogits: whole };
}

function vllmStep(version: string | undefined): number {
  const minor = minorRelease(version);
  if (minor === undefined) return 0;
  return vllmSteps.findLast(({ since }) => since <= minor)?.seconds ?? 0;
}

/** Minor release of a version before the first whole one: 9 of "0.9.2"; undefined of any other. */
export function minorRelease(version: string | undefined): number | undefined {
  const known = /^v?0\.(\d+)/.exec(version ?? '')?.[1];
  return known === undefined ? undefined : Number(known);
}
