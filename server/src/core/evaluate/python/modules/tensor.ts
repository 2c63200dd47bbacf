import { itemsOf, type ObjectValue, toNumber, type Value } from '../../value.ts';
import type { Open } from './sizes.ts';

/** Dimensions of a tensor, or why they are not known. */
export type Shape = readonly number[] | Open;

const fromSizes = /^torch\.(empty|zeros|ones|randn|rand|normal|full|randint)$/;
const alike = /^torch\.\w+_like$|^torch\.(abs|neg|exp|log|sqrt|clone|sigmoid|tanh|triu|tril|nn\.init\.\w+)$/;
/** Methods that keep a tensor's shape. */
const keeping =
  /\.(\w+_|clone|detach|to|float|half|double|bfloat16|cuda|cpu|contiguous|requires_grad_|abs|exp|log|sqrt|mul|add|sub|div|triu|tril|type|normal_|uniform_|fill_|clamp|long)$/;

/** True for what a function of torch made, or arithmetic on it. */
export function isTensor(value: Value): boolean {
  return (
    value.kind === 'object' &&
    !value.class &&
    /^torch\.(?!nn\.[A-Z]|optim|utils|cuda|distributed)[a-z]/.test(value.path)
  );
}

/** The result of arithmetic with tensors, whose shape follows from its parts. */
export function combineTensors(left: Value, right: Value, at: Value['at']): ObjectValue | undefined {
  if (!isTensor(left) && !isTensor(right)) return undefined;
  return {
    kind: 'object',
    path: 'torch.arithmetic',
    fields: new Map([
      ['left', left],
      ['right', right],
    ]),
    at,
  };
}

/** The dimensions of a tensor that the program makes; scalars have none. */
export function shapeOf(value: Value, depth = 0): Shape {
  if (value.kind === 'number' || value.kind === 'bool') return [];
  const open: Open = {
    reason: value.kind === 'unknown' ? value.reason : 'has a shape that is known only at run time',
    at: value.at,
  };
  if (value.kind === 'list') return shapeOfData(value, depth);
  if (value.kind !== 'object' || depth > 12) return open;
  const { path, call, fields } = value;
  const part = (one: Value | undefined): Shape => (one ? shapeOf(one, depth + 1) : open);
  if (path === 'torch.arithmetic') return broadcast(part(fields.get('left')), part(fields.get('right')));
  if (!call) return open;
  const [first] = call.positional;
  if (fromSizes.test(path)) {
    const written =
      call.keywords.get('size') ??
      (/\.(full|randint|normal)$/.test(path) ? call.positional.find((one) => one.kind === 'list') : undefined);
    return dimensions(written ? [written] : call.positional, open);
  }
  if (/^torch\.(tensor|as_tensor|FloatTensor|Tensor)$/.test(path)) {
    if (/Tensor$/.test(path) && first?.kind !== 'list') return dimensions(call.positional, open);
    return part(first);
  }
  if (path === 'torch.eye') {
    const [rows] = dimensions(call.positional.slice(0, 1), open) as readonly number[];
    const columns = call.positional[1] && toNumber(call.positional[1]);
    return rows === undefined ? open : [rows, columns ?? rows];
  }
  if (path === 'torch.linspace' || path === 'torch.logspace')
    return dimensions([call.keywords.get('steps') ?? call.positional[2] ?? value], open);
  if (path === 'torch.arange') return rangeShape(call.positional, open);
  if (alike.test(path)) return part(first);
  const { receiver } = call;
  if (!receiver) return open;
  const name = path.slice(path.lastIndexOf('.') + 1);
  const before = part(receiver);
  if (!isShape(before)) return before;
  if (name === 'view' || name === 'reshape') {
    const asked = dimensions(call.positional, open);
    if (!isShape(asked)) return asked;
    const whole = before.reduce((a, b) => a * b, 1);
    const rest = asked.filter((one) => one !== -1).reduce((a, b) => a * b, 1);
    return asked.map((one) => (one === -1 ? whole / rest : one));
  }
  if (name === 'unsqueeze') return [1, ...before];
  if (name === 'squeeze') return before.filter((one) => one !== 1);
  if (/^(t|transpose|permute)$/.test(name)) return [...before].reverse();
  if (name === 'repeat' || name === 'expand') {
    const asked = dimensions(call.positional, open);
    if (!isShape(asked)) return asked;
    const padded = [...Array.from({ length: Math.max(0, asked.length - before.length) }, () => 1), ...before];
    return asked.map((one, at) => (name === 'repeat' ? one * (padded[at] ?? 1) : one === -1 ? (padded[at] ?? 1) : one));
  }
  return keeping.test(path) ? before : open;
}

/** True where the dimensions are known. */
export function isShape(shape: Shape): shape is readonly number[] {
  return Array.isArray(shape);
}

function dimensions(values: readonly Value[], open: Open): Shape {
  const list = values[0]?.kind === 'list' ? itemsOf(values[0]) : values;
  const numbers: number[] = [];
  for (const one of list) {
    const number = toNumber(one);
    if (number === undefined) return { reason: one.kind === 'unknown' ? one.reason : open.reason, at: one.at };
    numbers.push(number);
  }
  return numbers;
}

function rangeShape(values: readonly Value[], open: Open): Shape {
  const numbers = dimensions(values, open);
  if (!isShape(numbers)) return numbers;
  const [a = 0, b, step = 1] = numbers;
  return [Math.max(0, Math.ceil(((b ?? a) - (b === undefined ? 0 : a)) / step))];
}

function shapeOfData(value: Value & { kind: 'list' }, depth: number): Shape {
  const [first] = itemsOf(value);
  if (!first) return [0];
  const inner = shapeOf(first, depth + 1);
  return isShape(inner) ? [value.store.size, ...inner] : inner;
}

function broadcast(a: Shape, b: Shape): Shape {
  if (!isShape(a)) return a;
  if (!isShape(b)) return b;
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  return long.map((one, at) => Math.max(one, short[at - (long.length - short.length)] ?? 1));
}
