import { readBytes } from './bytes.ts';
import type { NoShape } from './model-config.ts';

/** What the header of one safetensors file says: the weights in it. */
export interface SafetensorsHeader {
  readonly parameters: number;
  /** Format of most of the weights, as the file spells it: `BF16`, `F32`, ... */
  readonly dtype: string;
}

/** Formats in which one stored number is one weight; others pack several into one. */
const plainTypes = new Set(['F64', 'F32', 'F16', 'BF16', 'F8_E4M3', 'F8_E5M2']);

/** A header is JSON of this length at most, by the format's own rule. */
const longestHeader = 100_000_000;

/**
 * Counts the weights of a safetensors file by its header: a length of 8 bytes, then JSON with a shape for each tensor
 * (the layout that the safetensors project publishes). `bytes` is the beginning of the file.
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsHeader | NoShape {
  const reader = readBytes(bytes);
  const length = reader.u64();
  if (reader.over || length < 2 || length > longestHeader) return { reason: 'is no safetensors file' };
  const text = reader.text(length);
  if (reader.over) return { reason: 'has a longer header than is read' };
  const tensors = parsed(text);
  if (!tensors) return { reason: 'is no safetensors file' };
  const counts = new Map<string, number>();
  for (const [name, tensor] of Object.entries(tensors)) {
    if (name === '__metadata__') continue;
    const size = sizeOf(tensor);
    if (!size) return { reason: `describes the tensor ${name} in a way that is not known` };
    counts.set(size.dtype, (counts.get(size.dtype) ?? 0) + size.count);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!most) return { reason: 'holds no tensors' };
  const [dtype] = most;
  if (!plainTypes.has(dtype)) return { reason: `holds packed weights (${dtype}), which are not counted` };
  let parameters = 0;
  for (const [type, count] of counts) if (plainTypes.has(type)) parameters += count;
  return { parameters, dtype };
}

function sizeOf(tensor: unknown): { readonly dtype: string; readonly count: number } | undefined {
  if (typeof tensor !== 'object' || tensor === null) return undefined;
  const { dtype, shape } = tensor as { readonly dtype?: unknown; readonly shape?: unknown };
  if (typeof dtype !== 'string' || !Array.isArray(shape)) return undefined;
  let count = 1;
  for (const side of shape) {
    if (typeof side !== 'number' || !Number.isInteger(side) || side < 0) return undefined;
    count *= side;
  }
  return Number.isSafeInteger(count) ? { dtype, count } : undefined;
}

function parsed(text: string): { readonly [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
