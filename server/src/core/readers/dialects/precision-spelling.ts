const long: ReadonlyMap<string, string> = new Map([
  ['bf16', 'bfloat16'],
  ['fp16', 'float16'],
  ['fp32', 'float32'],
]);

/**
 * A precision in the manner of the word that it replaces: `torch.bfloat16`, `float16`, `bf16-mixed`, `16-true`, `16`,
 * `amp_bf16`, `mixed_bfloat16`, `bf16`. Undefined where that manner has no word for it, or is not known.
 */
export function spellPrecision(value: string, old: string): string | undefined {
  const full = long.get(value);
  const library = /^([\w.]+\.)(?:bfloat16|float16|float32|float|half)$/.exec(old)?.[1];
  if (library !== undefined) return full && library + full;
  if (/^(?:bfloat16|float16|float32|float|half)$/i.test(old)) return full;
  const bits = value === 'fp32' ? '32' : value === 'fp16' ? '16' : value;
  const kind = /-(mixed|true)$/.exec(old)?.[1];
  if (kind !== undefined) return full && `${bits}-${value === 'fp32' ? 'true' : kind}`;
  if (/^(?:16|32)$/.test(old)) return full && bits;
  if (/^amp_/.test(old)) return value === 'fp32' ? value : `amp_${value}`;
  if (/^mixed_b?float16$/.test(old)) return full && (value === 'fp32' ? full : `mixed_${full}`);
  if (/_mixed$/.test(old)) return value === 'fp32' ? undefined : `${value}_mixed`;
  if (/^(?:bf16|fp16|fp32|fp8)$/.test(old)) return value;
  return /^(?:BF16|FP16|FP32|FP8)$/.test(old) ? value.toUpperCase() : undefined;
}
