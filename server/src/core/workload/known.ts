import type { Traced } from '../source/traced.ts';

/**
 * What is known of one field of the spec: a value, a range, weighted choices, or nothing with the reason.
 * Every form but `unknown` carries its origin.
 */
export type Known<T> =
  | ({ readonly kind: 'exact' } & Traced<T>)
  | {
      readonly kind: 'range';
      readonly low: T;
      readonly likely: T;
      readonly high: T;
      readonly origin: Traced<T>['origin'];
    }
  | { readonly kind: 'choice'; readonly options: readonly (Traced<T> & { readonly weight: number })[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The value to calculate with: exact, the middle of a range, the weightiest choice; undefined where unknown. */
export function likely<T>(known: Known<T>): T | undefined {
  switch (known.kind) {
    case 'exact':
      return known.value;
    case 'range':
      return known.likely;
    case 'choice':
      return heaviest(known.options)?.value;
    case 'unknown':
      return undefined;
  }
}

/** The origin of the value that `likely` answers. */
export function originOf<T>(known: Known<T>): Traced<T>['origin'] | undefined {
  switch (known.kind) {
    case 'exact':
    case 'range':
      return known.origin;
    case 'choice':
      return heaviest(known.options)?.origin;
    case 'unknown':
      return undefined;
  }
}

function heaviest<T>(options: readonly (Traced<T> & { readonly weight: number })[]) {
  return options.reduce<(Traced<T> & { readonly weight: number }) | undefined>(
    (best, one) => (!best || one.weight > best.weight ? one : best),
    undefined,
  );
}

/** A field known exactly. */
export function exact<T>(value: T, origin: Traced<T>['origin']): Known<T> {
  return { kind: 'exact', value, origin };
}

/** A field set by a named assumption of ours. */
export function assumed<T>(value: T, id: string): Known<T> {
  return { kind: 'exact', value, origin: { kind: 'assumption', id } };
}

/** A field that cannot be known, and why. */
export function unknown<T>(reason: string): Known<T> {
  return { kind: 'unknown', reason };
}
