import type { SourceAnswer } from '#core/catalog/snapshot.ts';

/** A JSON object whose members are not yet known. */
export type Unknown = { readonly [key: string]: unknown };

/** The JSON of an answer as an object; undefined for anything else, cut answers included. */
export function jsonObject(answer: string): Unknown | undefined {
  try {
    return objectOf(JSON.parse(answer));
  } catch {
    return undefined;
  }
}

export function objectOf(value: unknown): Unknown | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Unknown) : undefined;
}

export function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A finite number, or a text that spells one. */
export function numberOf(value: unknown): number | undefined {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** A price that can be one: a finite number above zero. */
export function priceOf(value: unknown): number | undefined {
  const number = numberOf(value);
  return number !== undefined && number > 0 ? number : undefined;
}

/** An answer that is not of the source's shape. */
export function misshapen(title: string, what: string): SourceAnswer {
  return {
    offers: [],
    problems: [{ code: 'source-shape', message: `The answer of ${title} ${what}; its prices are left as they are.` }],
  };
}
