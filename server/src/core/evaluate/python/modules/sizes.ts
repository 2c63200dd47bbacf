import { type CallEvent, itemsOf, toNumber, truthOf, type Value } from '../../value.ts';

/** Why a count is not known, with the place that leaves it open. */
export interface Open {
  readonly reason: string;
  readonly at: Value['at'];
}

/** The arguments of a layer's constructor by name; what cannot be read is noted in `open` and counts as NaN. */
export interface Sizes {
  /** A whole number; NaN where it is not known. */
  number(name: string, fallback?: number): number;
  /** True unless the argument says otherwise. */
  flag(name: string, fallback: boolean): boolean;
  /** Product of a number or of a tuple of numbers; one number stands for `rank` equal ones. */
  product(name: string, rank: number): number;
  value(name: string): Value | undefined;
  open: Open | undefined;
}

/** A layer of `torch.nn`: names of its constructor's arguments, and the elements of each parameter. */
export interface Layer {
  readonly signature: readonly string[];
  parameters(sizes: Sizes): Readonly<Record<string, number>>;
}

/** Reads a constructor's arguments under a signature. */
export function sizesOf(
  call: Pick<CallEvent, 'positional' | 'keywords' | 'open' | 'at'>,
  signature: readonly string[],
): Sizes {
  const sizes: Sizes = {
    open: call.open ? { reason: 'gets arguments that are known only at run time', at: call.at } : undefined,
    value(name) {
      const position = signature.indexOf(name);
      return call.keywords.get(name) ?? (position < 0 ? undefined : call.positional[position]);
    },
    number(name, fallback) {
      const value = sizes.value(name);
      if (!value && fallback !== undefined) return fallback;
      if (!value) return missing(name, call.at);
      return toNumber(value) ?? missing(name, value.at, value);
    },
    flag(name, fallback) {
      const value = sizes.value(name);
      const truth = value ? truthOf(value) : fallback;
      if (truth === undefined && value) missing(name, value.at, value);
      return truth ?? fallback;
    },
    product(name, rank) {
      const value = sizes.value(name);
      if (value?.kind !== 'list') return sizes.number(name) ** rank;
      return itemsOf(value).reduce((all, one) => all * (toNumber(one) ?? missing(name, one.at, one)), 1);
    },
  };
  const missing = (name: string, at: Value['at'], value?: Value): number => {
    const why = value?.kind === 'unknown' ? value.reason : 'is known only at run time';
    sizes.open ??= { reason: `takes ${name}, which ${why}`, at };
    return Number.NaN;
  };
  return sizes;
}
