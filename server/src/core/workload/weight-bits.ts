/**
 * Bits of a weight in the mean over a whole model, by the name of a GGUF format: llama.cpp's table of Llama 3.1 8B
 * (`tools/quantize/README.md`), embedding and output projection included.
 */
const bitsOfFormat: Readonly<Record<string, number>> = {
  iq1_s: 2,
  iq1_m: 2.15,
  iq2_xxs: 2.38,
  iq2_xs: 2.59,
  iq2_s: 2.74,
  iq2_m: 2.93,
  iq3_xxs: 3.25,
  iq3_xs: 3.5,
  iq3_s: 3.66,
  iq3_m: 3.76,
  iq4_xs: 4.46,
  iq4_nl: 4.68,
  q2_k_s: 2.97,
  q2_k: 3.16,
  q3_k_s: 3.64,
  q3_k_m: 4,
  q3_k_l: 4.3,
  q4_0: 4.66,
  q4_1: 5.12,
  q4_k_s: 4.67,
  q4_k_m: 4.89,
  q5_0: 5.57,
  q5_1: 6.04,
  q5_k_s: 5.57,
  q5_k_m: 5.7,
  q6_k: 6.56,
  q8_0: 8.5,
};

/** The usual format of so many bits, where a name is all that is known of them. */
const usualFormat: Readonly<Record<number, string>> = {
  2: 'q2_k',
  3: 'q3_k_m',
  4: 'q4_k_m',
  5: 'q5_k_m',
  6: 'q6_k',
  8: 'q8_0',
};

/** Bits of a weight that words name: "EXL2 2.5 bpw", "fp6", "Q4_K_M (GGUF)", "llama-3-8b.Q5_0.gguf"; undefined where they name none. */
export function weightBitsIn(text: string): number | undefined {
  const perWeight = (/(\d+(?:\.\d+)?)\s*-?bpw\b/i.exec(text) ?? /\bfp(6)\b/i.exec(text))?.[1];
  if (perWeight !== undefined) return Number(perWeight);
  const format = /(?:^|[^a-z0-9])(i?q\d_(?:\d|[a-z]+(?:_[a-z]+)?))(?![a-z0-9_])/i.exec(text)?.[1];
  return format === undefined ? undefined : bitsOfFormat[format.toLowerCase()];
}

/** Bits of a weight of a GGUF file that names whole bits alone. */
export function usualBits(bits: number): number {
  return bitsOfFormat[usualFormat[bits] ?? ''] ?? bits;
}
