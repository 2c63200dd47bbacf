import type { Precision } from '../workload/spec.ts';
import { modelBasename } from './model-name.ts';

/** Storage format of a checkpoint as its name tells it, and who packed it where kernels go by that. */
export interface NamedFormat {
  readonly precision: Precision;
  readonly method?: 'awq' | 'gptq';
}

/** Words between separators of a name, and what they say; the first that is found holds. */
const formats: readonly (readonly [RegExp, NamedFormat])[] = [
  [/\bgptq-(?:int)?8(?:-?bits?)?\b|\bw8a16\b/, { precision: 'int8', method: 'gptq' }],
  [/\bgptq\b|\bw4a16\b|\bautoround\b/, { precision: 'int4', method: 'gptq' }],
  [/\bawq\b/, { precision: 'int4', method: 'awq' }],
  [/\bmxfp4\b/, { precision: 'mxfp4' }],
  [/\b(?:nv)?fp4\b/, { precision: 'fp4' }],
  [/\bfp8(?:-\w+)?\b/, { precision: 'fp8' }],
  [/\bw8a8\b|\bbnb-8-?bit\b/, { precision: 'int8' }],
  [/\bbnb-4-?bit\b|\bbnb-nf4\b/, { precision: 'nf4' }],
];

/**
 * The format that a checkpoint's name ends in ("Qwen2.5-32B-Instruct-AWQ", "Llama-3.1-70B-FP8", "gemma-2-9b-bnb-4bit"); undefined
 * where it tells none. Files of llama.cpp tell widths of their own.
 */
export function formatInName(id: string): NamedFormat | undefined {
  const words = modelBasename(id).replace(/[_.]/g, '-');
  return formats.find(([pattern]) => pattern.test(words))?.[1];
}
