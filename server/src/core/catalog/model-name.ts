import type { Known } from '../workload/known.ts';

/**
 * How far a size in a model's name lies from its count: over the 289 rows of our model table whose name states a size,
 * one in ten has less than 0.97 of it and one in ten more than 1.11.
 */
const nameRatio = { low: 0.97, high: 1.11 };

/** A mixture's name multiplies the size of one expert's model, whose attention is shared: 8x7B has 46.7 B (0.83 of 56), 8x22B 140.6 B (0.80 of 176). */
const mixtureRatio = { low: 0.78, likely: 0.82, high: 0.9 };

/** The range of counts behind a rounded size. */
export function nominalRange(size: number): { readonly low: number; readonly likely: number; readonly high: number } {
  return { low: size * nameRatio.low, likely: size, high: size * nameRatio.high };
}

const scale: Readonly<Record<string, number>> = { m: 1e6, b: 1e9, t: 1e12 };

/**
 * The count that a model's name tells ("7B", "1_8B", "350m", "8x7B", "30B-A3B"), as a range; unknown where it tells none.
 * The last size of the name's own part counts, an active size ("A3B") never.
 */
export function parametersFromName(id: string): Known<number> {
  const name = id.split(/[/\\]/).at(-1) ?? id;
  const found = [...name.matchAll(/(?<![a-z0-9.])(?:(\d{1,3})x)?(\d{1,4}(?:[._]\d{1,2})?)([mbt])(?![a-z0-9])/gi)];
  // Millions behind billions are a context length ("GLM-4-9B-Chat-1M").
  const match = found.findLast(([, , , unit = '']) => !/m/i.test(unit)) ?? found.at(-1);
  if (!match) return { kind: 'unknown', reason: `the model ${id} is not in the tables and its name tells no size` };
  const [, experts, digits = '', unit = 'b'] = match;
  const size = Number(digits.replace('_', '.')) * (scale[unit.toLowerCase()] ?? 1e9);
  const origin = { kind: 'assumption', id: 'size-in-name' } as const;
  if (size <= 0) return { kind: 'unknown', reason: `the name ${id} tells no size` };
  if (experts === undefined) return { kind: 'range', ...nominalRange(size), origin };
  const whole = size * Number(experts);
  const { low, likely, high } = mixtureRatio;
  return { kind: 'range', low: whole * low, likely: whole * likely, high: whole * high, origin };
}

/** Endings of re-uploads whose weights are stored in another format: the architecture is the original's. */
const storageEnding =
  /[-_.](?:unsloth|dynamic|linearized|bnb[-_]?\d?bit|bnb|nf4|4bit|8bit|int[48]|w\da\d+|quantized(?:\.w\da\d+)?|gptq|awq|gguf|exl2|autoround|fp8(?:[-_](?:kv|block))?|(?:nv|mx)?fp4(?:a16)?(?:[-_]v\d)?|fp16|bf16|mlx|hf|sharded|safetensors|g\d{2,3}|\d+g|marlin|q\d_[a-z0-9_]+)$/;

/** Endings of tuned siblings: trained further from the same shape. */
const tuningEnding = /[-_.](?:instruct|chat|it|pt|base|sft|dpo|rlhf)$/;

/** A model name led back to what tells architectures apart. */
export interface ModelCore {
  readonly core: string;
  /** What was taken off, for the reader. */
  readonly taken: readonly string[];
}

/** A model's name in lower case without its owner's folder. */
export function modelBasename(id: string): string {
  return (
    id
      .toLowerCase()
      .replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .at(-1) ?? id
  ).replace(/\.(?:gguf|safetensors|pth?|bin)$/, '');
}

/** Takes storage and tuning endings off a name, and the folds of spelling that owners use ("Meta-Llama", "_" for "-"). */
export function modelCore(id: string): ModelCore {
  let core = modelBasename(id);
  const taken: string[] = [];
  for (let more = true; more; ) {
    const shorter = core.replace(storageEnding, '').replace(tuningEnding, '');
    more = shorter !== core && shorter.length > 2;
    if (more) {
      taken.unshift(core.slice(shorter.length));
      core = shorter;
    }
  }
  return { core: core.replace(/^meta-/, '').replace(/[-_]/g, ''), taken };
}
