import type { Span } from '../source/span.ts';

/** Where a value is fixed: the literal's span, and whether it was computed on the way from there. */
export interface Placed {
  readonly at: Span;
  /** Computed, converted or chosen: not spelled at `at`. */
  readonly derived?: boolean;
  /** Further places that take part. */
  readonly also?: readonly Span[];
}

/** What is statically known of an expression: a value, one of several, or unknown with a reason; always with its place. */
export type Value =
  | NumberValue
  | StringValue
  | BoolValue
  | NoneValue
  | ListValue
  | DictValue
  | ObjectValue
  | FunctionValue
  | ClassValue
  | ReferenceValue
  | ChoiceValue
  | UnknownValue;

export interface NumberValue extends Placed {
  readonly kind: 'number';
  readonly value: number;
  /** A floating-point number, which prints with a decimal point. */
  readonly float?: boolean;
}

export interface StringValue extends Placed {
  readonly kind: 'string';
  readonly value: string;
}

export interface BoolValue extends Placed {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface NoneValue extends Placed {
  readonly kind: 'none';
}

/** A list, tuple or set. `items` is replaced as a whole when the program changes it. */
export interface ListValue extends Placed {
  readonly kind: 'list';
  readonly store: Store;
  readonly tuple?: boolean;
}

/** A dictionary with constant keys. */
export interface DictValue extends Placed {
  readonly kind: 'dict';
  readonly store: Store;
  /** Has keys that are not known: a missing key says nothing. */
  readonly open?: boolean;
}

/** What a call of a known constructor made: its dotted path, the call, and the attributes set since. */
export interface ObjectValue extends Placed {
  readonly kind: 'object';
  readonly path: string;
  readonly fields: Store;
  readonly call?: CallEvent;
  readonly class?: ClassValue;
  /** Number of the making: later objects have higher ones. */
  readonly serial?: number;
  /** Held only under a test whose outcome is not known, or once for every turn of a loop of unknown length. */
  readonly maybe?: boolean;
}

/** A function of the program. `frame` belongs to the evaluator. */
export interface FunctionValue extends Placed {
  readonly kind: 'function';
  readonly name: string;
  readonly definition: object;
  readonly frame: object;
  readonly self?: Value;
  readonly decorators: readonly Value[];
  /** Arguments bound beforehand (`functools.partial`, a decorated command). */
  readonly bound?: Arguments;
}

/** A class of the program. */
export interface ClassValue extends Placed {
  readonly kind: 'class';
  readonly name: string;
  readonly definition: object;
  readonly bases: readonly Value[];
  readonly members: Store;
  readonly decorators: readonly Value[];
}

/** A name that belongs to a library: `torch.bfloat16`, `transformers.Trainer`, or an attribute of an object. */
export interface ReferenceValue extends Placed {
  readonly kind: 'reference';
  readonly path: string;
  readonly owner?: Value;
  /** Held only under a test whose outcome is not known. */
  readonly maybe?: boolean;
}

/** One of several values, decided at run time. `likely`: the one that holds on hardware of today. */
export interface ChoiceValue extends Placed {
  readonly kind: 'choice';
  readonly options: readonly Value[];
  readonly likely?: Value;
}

export interface UnknownValue extends Placed {
  readonly kind: 'unknown';
  /** In the user's words. */
  readonly reason: string;
}

/** Named values that the program may change: a scope, attributes, entries; list items are named by position. */
export type Store = Map<string, Value>;

/** Arguments of a call as evaluated. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** Some arguments come from a value that is not known. */
  readonly open: boolean;
}

/** One call that the program makes. */
export interface CallEvent extends Arguments {
  /** Dotted path of what is called (`torch.optim.AdamW`), or the function's name. A method of an unknown begins with `?`. */
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  readonly receiver?: Value;
  readonly at: Span;
  /** Span of the argument list, parentheses included. */
  readonly list: Span;
  readonly result: Value;
  /** Under a test whose outcome is not known. */
  readonly uncertain: boolean;
  /** On the way from the file's entry, and not only in a function that nothing here calls. */
  readonly reached: boolean;
  /** How many loops are around it. */
  readonly loops: number;
  /** Divisor of the innermost `if step % n == 0` around it. */
  readonly every?: Value;
  /** What is counted there (`epoch`, `step + 1`), as written. */
  readonly counted?: string;
  /** Name of the innermost function of the program around it. */
  readonly within: string;
}

/** A `for` loop. */
export interface LoopEvent {
  readonly over: Value;
  /** Arguments of `range(...)`, where it counts. */
  readonly bounds: readonly Value[];
  readonly variable: string;
  readonly at: Span;
  readonly reached: boolean;
  readonly loops: number;
}

/** True where the value cannot be known before the program runs. */
export function isOpen(value: Value): boolean {
  return value.kind === 'unknown' || value.kind === 'choice' || (value.kind === 'reference' && !!value.owner);
}

/** The number in a value, a truth value counted as 0 or 1. */
export function toNumber(value: Value): number | undefined {
  if (value.kind === 'number') return value.value;
  return value.kind === 'bool' ? Number(value.value) : undefined;
}

/** Python's truth of a value; undefined where it is not known. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'bool':
      return value.value;
    case 'number':
      return value.value !== 0;
    case 'string':
      return value.value.length > 0;
    case 'none':
      return false;
    case 'list':
      return value.store.size > 0;
    case 'dict':
      return value.open ? undefined : value.store.size > 0;
    case 'object':
      // What a library's function answers can be anything; what its class makes is an object.
      return value.class || /(^|[.\]])[A-Z]\w*$/.test(value.path) ? true : undefined;
    case 'function':
    case 'class':
      return true;
    case 'reference':
      return value.owner ? undefined : true;
    case 'choice': {
      const truths = new Set(value.options.map(truthOf));
      const [only] = truths;
      return truths.size === 1 ? only : undefined;
    }
    case 'unknown':
      return undefined;
  }
}

/** True where both are the same thing: equal scalars, one object, one library name. */
export function sameThing(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind === 'none' && b.kind === 'none') return true;
  if (a.kind === 'number' && b.kind === 'number') return a.value === b.value;
  if (a.kind === 'string' && b.kind === 'string') return a.value === b.value;
  if (a.kind === 'bool' && b.kind === 'bool') return a.value === b.value;
  if (a.kind === 'reference' && b.kind === 'reference') return a.path === b.path && a.owner === b.owner;
  if (a.kind === 'list' && b.kind === 'list') return a.store === b.store;
  if (a.kind === 'dict' && b.kind === 'dict') return a.store === b.store;
  if (a.kind === 'object' && b.kind === 'object') return a.fields === b.fields;
  if (a.kind === 'function' && b.kind === 'function') return a.definition === b.definition;
  if (a.kind === 'class' && b.kind === 'class') return a.definition === b.definition;
  return false;
}

const maximumOptions = 4;

/** What a name holds where two ways of the program meet. */
export function joinValues(a: Value, b: Value): Value {
  if (sameThing(a, b)) return a;
  const options: Value[] = [];
  for (const one of [...optionsOf(a), ...optionsOf(b)]) {
    if (!options.some((other) => sameThing(other, one))) options.push(one);
  }
  const [first] = options;
  if (options.length === 1 && first) return first;
  if (options.length > maximumOptions) return unknown('takes many values', a.at);
  return { kind: 'choice', options, at: (first ?? a).at };
}

/** The values that it may have. */
export function optionsOf(value: Value): readonly Value[] {
  return value.kind === 'choice' ? value.options : [value];
}

/** A value that is not known, with the reason in the user's words. */
export function unknown(reason: string, at: Span): UnknownValue {
  return { kind: 'unknown', reason, at };
}

/** Items of a list in order. */
export function itemsOf(list: ListValue): readonly Value[] {
  return [...list.store.values()];
}

/** A list of values. */
export function listOf(items: readonly Value[], at: Span, tuple = false): ListValue {
  const store: Store = new Map(items.map((item, index) => [String(index), item]));
  return tuple ? { kind: 'list', store, at, tuple } : { kind: 'list', store, at };
}

/** So many further places of a value are kept. */
const maximumAlso = 8;

/** The same value, marked as computed at a place. */
export function computed<V extends Value>(value: V, at: Span, ...from: readonly Placed[]): V {
  const also: Span[] = [];
  for (const one of from) {
    also.push(one.at);
    if (one.also) also.push(...one.also);
  }
  if (also.length > maximumAlso) also.length = maximumAlso;
  return { ...value, at, derived: true, also };
}
