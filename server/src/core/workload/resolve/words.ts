import type { Precision } from '../spec.ts';

const precisions: Readonly<Record<string, Precision>> = {
  fp32: 'fp32',
  float32: 'fp32',
  tf32: 'tf32',
  fp16: 'fp16',
  float16: 'fp16',
  half: 'fp16',
  bf16: 'bf16',
  bfloat16: 'bf16',
  fp8: 'fp8',
  fp8_e4m3: 'fp8',
  fp8_e5m2: 'fp8',
  int8: 'int8',
  int4: 'int4',
  nf4: 'nf4',
  fp4: 'fp4',
  nvfp4: 'fp4',
  mxfp4: 'mxfp4',
};

/** The number format that a fact's normalised word means; undefined for a word that is none. */
export function precisionOf(word: unknown): Precision | undefined {
  return typeof word === 'string' ? precisions[word.toLowerCase()] : undefined;
}

/** Who packed the weights, where a method's name tells it: engines have kernels by several names for one packing. */
export function packerOf(method: string | undefined): 'awq' | 'gptq' | undefined {
  const word = method?.toLowerCase() ?? '';
  if (word.includes('awq')) return 'awq';
  return /gptq|marlin|wna16/.test(word) ? 'gptq' : undefined;
}

/** The format of quantised weights, from method and bits as the vocabulary names them, or as engines spell them ("awq_marlin"). */
export function quantizationOf(method: string | undefined, bits: number | undefined): Precision | undefined {
  const named = precisionOf(method);
  if (named && named !== 'fp32' && named !== 'bf16' && named !== 'fp16') return named;
  if (packerOf(method)) return bits === 8 ? 'int8' : 'int4';
  const word = method?.toLowerCase() ?? '';
  if (/mxfp4/.test(word)) return 'mxfp4';
  if (/fp4/.test(word)) return 'fp4';
  if (/fp8/.test(word)) return 'fp8';
  if (bits === 4) return 'nf4';
  if (bits === 8) return 'int8';
  // Engines load on the fly in four bits where nothing says eight.
  return word === 'bitsandbytes' ? 'nf4' : undefined;
}
