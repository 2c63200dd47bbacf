import type { Span } from '../../source/span.ts';
import {
  computed,
  itemsOf,
  joinValues,
  listOf,
  optionsOf,
  sameThing,
  toNumber,
  truthOf,
  unknown,
  type Value,
} from '../value.ts';
import { printNumber } from './literal.ts';
import { combineTensors } from './modules/tensor.ts';

/** A binary operation; on a choice it is taken for each value, on anything unknown it is unknown. */
export function operate(operator: string, left: Value, right: Value, at: Span): Value {
  if (left.kind === 'choice' || right.kind === 'choice') {
    const results = optionsOf(left).flatMap((a) => optionsOf(right).map((b) => operate(operator, a, b, at)));
    return results.find((one) => one.kind === 'unknown') ?? results.reduce(joinValues);
  }
  if (left.kind === 'unknown') return unknown(left.reason, at);
  if (right.kind === 'unknown') return unknown(right.reason, at);
  const a = toNumber(left);
  const b = toNumber(right);
  if (a !== undefined && b !== undefined) {
    const value = arithmetic(operator, a, b);
    if (value === undefined || !Number.isFinite(value)) return unknown(`"${operator}" has no value here`, at);
    const float = operator === '/' || isFloat(left) || isFloat(right) || !Number.isInteger(value);
    return computed({ kind: 'number', value, float, at }, at, left, right);
  }
  if (left.kind === 'string') return operateText(operator, left, right, at);
  if (left.kind === 'list' && right.kind === 'list' && operator === '+')
    return computed(listOf([...itemsOf(left), ...itemsOf(right)], at, left.tuple), at, left, right);
  if (left.kind === 'list' && b !== undefined && operator === '*' && b * left.store.size <= 256)
    return computed(listOf(Array.from({ length: b }, () => itemsOf(left)).flat(), at, left.tuple), at, left, right);
  if (left.kind === 'dict' && right.kind === 'dict' && operator === '|')
    return computed({ kind: 'dict', store: new Map([...left.store, ...right.store]), at }, at, left, right);
  return combineTensors(left, right, at) ?? unknown('is computed at run time', at);
}

function operateText(operator: string, left: Value & { kind: 'string' }, right: Value, at: Span): Value {
  if (operator === '+' && right.kind === 'string')
    return computed({ kind: 'string', value: left.value + right.value, at }, at, left, right);
  if (operator === '/' && right.kind === 'string')
    return computed({ kind: 'string', value: joinPath(left.value, right.value), at }, at, left, right);
  if (operator === '*' && right.kind === 'number' && right.value * left.value.length < 2000)
    return computed({ kind: 'string', value: left.value.repeat(Math.max(0, right.value)), at }, at, left, right);
  if (operator === '%') return formatPercent(left, right, at);
  return unknown('is computed at run time', at);
}

/** Path parts joined as `os.path.join` does. */
export function joinPath(...parts: readonly string[]): string {
  return parts.reduce(
    (path, part) => (part.startsWith('/') || path === '' ? part : `${path.replace(/\/$/, '')}/${part}`),
    '',
  );
}

function formatPercent(left: Value & { kind: 'string' }, right: Value, at: Span): Value {
  const given = right.kind === 'list' ? [...itemsOf(right)] : [right];
  let missing = false;
  const value = left.value.replace(
    /%(?:\((\w+)\))?[-+0-9.]*([sdifgr%])/g,
    (_, name: string | undefined, type: string) => {
      if (type === '%') return '%';
      const part = name ? (right.kind === 'dict' ? right.store.get(name) : undefined) : given.shift();
      const shown = part && printValue(part);
      missing ||= shown === undefined;
      return shown ?? '';
    },
  );
  return missing
    ? unknown('has a part that is known only at run time', at)
    : computed({ kind: 'string', value, at }, at, left, right);
}

/** A value as `str()` prints it; undefined where it is not known. */
export function printValue(value: Value): string | undefined {
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'number':
      return printNumber(value.value, value.float === true);
    case 'bool':
      return value.value ? 'True' : 'False';
    case 'none':
      return 'None';
    case 'reference':
      return value.owner ? undefined : value.path;
    default:
      return undefined;
  }
}

function arithmetic(operator: string, a: number, b: number): number | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? undefined : a / b;
    case '//':
      return b === 0 ? undefined : Math.floor(a / b);
    case '%':
      return b === 0 ? undefined : a - b * Math.floor(a / b);
    case '**':
      return a ** b;
    case '<<':
      return a * 2 ** b;
    case '>>':
      return Math.floor(a / 2 ** b);
    case '|':
      return Number(BigInt.asIntN(64, BigInt(Math.trunc(a)) | BigInt(Math.trunc(b))));
    case '&':
      return Number(BigInt.asIntN(64, BigInt(Math.trunc(a)) & BigInt(Math.trunc(b))));
    default:
      return undefined;
  }
}

function isFloat(value: Value): boolean {
  return value.kind === 'number' && value.float === true;
}

/** One comparison; undefined where its outcome is not known. */
export function compare(operator: string, left: Value, right: Value): boolean | undefined {
  if (left.kind === 'choice' || right.kind === 'choice') {
    const outcomes = new Set(optionsOf(left).flatMap((a) => optionsOf(right).map((b) => compare(operator, a, b))));
    return outcomes.size === 1 ? [...outcomes][0] : undefined;
  }
  if (operator === 'not in' || operator === 'not' || operator === 'is not' || operator === '!=') {
    const positive = operator === 'not in' ? 'in' : operator === '!=' ? '==' : 'is';
    const outcome = compare(positive, left, right);
    return outcome === undefined ? undefined : !outcome;
  }
  if (operator === 'in') return contains(left, right);
  if (isHidden(left) || isHidden(right)) return undefined;
  if (operator === '==' || operator === 'is') return equal(left, right);
  const a = toNumber(left);
  const b = toNumber(right);
  if (a === undefined || b === undefined) return undefined;
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  if (operator === '>') return a > b;
  return operator === '>=' ? a >= b : undefined;
}

function isHidden(value: Value): boolean {
  return value.kind === 'unknown' || (value.kind === 'reference' && value.owner !== undefined);
}

function equal(a: Value, b: Value): boolean | undefined {
  const x = toNumber(a);
  const y = toNumber(b);
  if (x !== undefined && y !== undefined) return x === y;
  if (sameThing(a, b)) return true;
  if (a.kind === 'list' && b.kind === 'list') {
    if (a.store.size !== b.store.size) return false;
    const outcomes = itemsOf(a).map((item, index) => compare('==', item, itemsOf(b)[index] ?? item));
    return outcomes.includes(false) ? false : outcomes.includes(undefined) ? undefined : true;
  }
  if (a.kind === 'object' || b.kind === 'object') return a.kind === 'none' || b.kind === 'none' ? false : undefined;
  return false;
}

function contains(item: Value, container: Value): boolean | undefined {
  if (isHidden(item)) return undefined;
  if (container.kind === 'string' && item.kind === 'string') return container.value.includes(item.value);
  if (container.kind === 'dict' && item.kind === 'string')
    return container.store.has(item.value) ? true : container.open ? undefined : false;
  if (container.kind !== 'list') return undefined;
  const outcomes = itemsOf(container).map((one) => compare('==', item, one));
  return outcomes.includes(true) ? true : outcomes.includes(undefined) ? undefined : false;
}

/** The opposite of a truth value; of a check of the hardware, its opposite check. */
export function negate(value: Value, at: Span): Value {
  const truth = truthOf(value);
  if (truth !== undefined) return computed({ kind: 'bool', value: !truth, at }, at, value);
  if (value.kind === 'choice') {
    const yes: Value = { kind: 'bool', value: true, at, derived: true };
    const no: Value = { kind: 'bool', value: false, at, derived: true };
    const likely = value.likely && truthOf(value.likely);
    return likely === undefined
      ? { kind: 'choice', options: [yes, no], at }
      : { kind: 'choice', options: [yes, no], likely: likely ? no : yes, at };
  }
  return unknown(value.kind === 'unknown' ? value.reason : 'is decided at run time', at);
}
