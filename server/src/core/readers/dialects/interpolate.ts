import type { Span } from '../../source/span.ts';
import type { DataScalar } from '../../syntax/data.ts';
import { arithmetic } from './arithmetic.ts';
import { type ConfigView, type Found, find } from './config-view.ts';
import { openReason } from './open-values.ts';

type Value = DataScalar['value'];

/** A scalar's value after interpolation: known with the places that took part, or open with the reason. */
export type Resolved =
  | { readonly value: Value; readonly span: Span; readonly derived: boolean; readonly also: readonly Span[] }
  | { readonly open: string; readonly span: Span };

const maximumSteps = 20;

/** The value of a scalar, with `${...}` followed where the format is OmegaConf's. */
export function resolveScalar(view: ConfigView, scalar: DataScalar, path: readonly string[], steps = 0): Resolved {
  const { span, value } = scalar;
  if (scalar.tag === '!ref') return followMarks(view, scalar, steps);
  if (scalar.tag?.startsWith('!')) return { open: 'made when the job runs', span };
  const reason = openReason(value, view.interpolation === 'foreign');
  if (reason !== undefined) return { open: reason, span };
  if (view.interpolation === 'foreign' || typeof value !== 'string' || !value.includes('${')) {
    return { value, span, derived: false, also: [] };
  }
  if (steps > maximumSteps) return { open: 'its interpolation refers to itself', span };
  const whole = wholeReference(value);
  const target = whole === undefined ? undefined : reference(view, whole, path);
  if (target?.node.kind === 'scalar') {
    const followed = resolveScalar(view, target.node, target.path, steps + 1);
    return 'open' in followed ? { ...followed, span } : followed;
  }
  const also: Span[] = [];
  const result = substitute(view, value, path, steps, also);
  return 'open' in result ? { open: result.open, span } : { value: result.value, span, derived: true, also };
}

/** HyperPyYAML's `!ref <lr>`, `!ref <a> * 2`, `!ref results/<seed>`: names in angle brackets stand for their values. */
function followMarks(view: ConfigView, scalar: DataScalar, steps: number): Resolved {
  const { span } = scalar;
  if (steps > maximumSteps) return { open: 'its reference refers to itself', span };
  const text = String(scalar.value ?? '').trim();
  const whole = /^<([\w.[\]]+)>$/.exec(text)?.[1];
  const target = whole === undefined ? undefined : reference(view, whole, []);
  if (target?.node.kind === 'scalar') {
    const followed = resolveScalar(view, target.node, target.path, steps + 1);
    return 'open' in followed ? { ...followed, span } : followed;
  }
  const also: Span[] = [];
  let open: string | undefined;
  const filled = text.replace(/<([\w.[\]]+)>/g, (mark, name: string) => {
    const found = reference(view, name, []);
    const followed = found?.node.kind === 'scalar' ? resolveScalar(view, found.node, found.path, steps + 1) : undefined;
    if (!followed || 'open' in followed) {
      open ??= followed?.open ?? `nothing here is called ${name.slice(0, 60)}`;
      return mark;
    }
    also.push(followed.span);
    return String(followed.value);
  });
  if (open !== undefined) return { open, span };
  return { value: arithmetic(filled) ?? filled, span, derived: true, also };
}

/** The key path inside `${a.b}` where the text is nothing else. */
function wholeReference(text: string): string | undefined {
  return /^\$\{(\.*[\w-]+(?:[.[][\w-]+\]?)*)\}$/.exec(text.trim())?.[1];
}

/** The value that a reference names: from the root, or relative to the key that holds it (`.x`, `..x`). */
function reference(view: ConfigView, text: string, path: readonly string[]): Found | undefined {
  const dots = /^\.*/.exec(text)?.[0].length ?? 0;
  const steps = text
    .slice(dots)
    .replace(/\[(\w+)\]/g, '.$1')
    .split('.');
  if (dots > 0) return find(view, [...path.slice(0, Math.max(0, path.length - dots)), ...steps]);
  return find(view, steps) ?? (view.interpolationRoot ? find(view, [view.interpolationRoot, ...steps]) : undefined);
}

type Substituted = { readonly value: Value } | { readonly open: string };

function substitute(view: ConfigView, text: string, path: readonly string[], steps: number, also: Span[]): Substituted {
  if (steps > maximumSteps) return { open: 'its interpolation refers to itself' };
  let result = '';
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${', at);
    if (open < 0) break;
    const close = closing(text, open + 2);
    if (close < 0) return { open: `its interpolation is not closed: ${text.slice(0, 60)}` };
    const inner = evaluate(view, text.slice(open + 2, close), path, steps + 1, also);
    if ('open' in inner) return inner;
    if (open === 0 && close === text.length - 1) return inner;
    result += text.slice(at, open) + String(inner.value ?? '');
    at = close + 1;
  }
  return { value: result + text.slice(at) };
}

function closing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('${', at)) depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

/** One `${...}`: a reference or a resolver call. */
function evaluate(view: ConfigView, text: string, path: readonly string[], steps: number, also: Span[]): Substituted {
  const call = /^([\w.]+):([\s\S]*)$/.exec(text);
  if (!call) {
    const found = reference(view, text.trim(), path);
    if (found?.node.kind !== 'scalar') return { open: `nothing here is called ${text.trim().slice(0, 60)}` };
    also.push(found.node.span);
    const followed = resolveScalar(view, found.node, found.path, steps);
    return 'open' in followed ? { open: followed.open } : { value: followed.value };
  }
  const name = (call[1] ?? '').toLowerCase();
  const filled = substitute(view, call[2] ?? '', path, steps, also);
  if ('open' in filled) return filled;
  return resolver(view, name, String(filled.value ?? ''), path, steps);
}

const operators: Readonly<Record<string, string>> = {
  mul: '*',
  multiply: '*',
  add: '+',
  sum: '+',
  sub: '-',
  subtract: '-',
  minus: '-',
  div: '/',
  divide: '/',
  int_div: '//',
  floor_div: '//',
  floordiv: '//',
};

function resolver(view: ConfigView, name: string, text: string, path: readonly string[], steps: number): Substituted {
  const parts = text.split(',').map((part) => part.trim().replace(/^(['"])(.*)\1$/, '$2'));
  const operator = operators[name.replace(/^(?:oc|math)\./, '')];
  if (name === 'eval' || name === 'calc' || name === 'oc.eval' || operator) {
    const expression = operator
      ? parts.map((part) => `(${part})`).join(operator)
      : text.trim().replace(/^(['"])([\s\S]*)\1$/, '$2');
    const value = arithmetic(expression);
    return value === undefined
      ? { open: `an expression that is not plain arithmetic: ${expression.slice(0, 60)}` }
      : { value };
  }
  if (name === 'oc.env' || name === 'env') {
    const [variable, fallback] = parts;
    if (fallback === undefined) return { open: `set by the environment variable ${variable}` };
    return { value: asScalar(fallback) };
  }
  if (name === 'oc.decode') return { value: asScalar(text.trim()) };
  if (name === 'oc.select') {
    const found = reference(view, parts[0] ?? '', path);
    if (found?.node.kind !== 'scalar')
      return parts[1] === undefined ? { open: `nothing here is called ${parts[0]}` } : { value: asScalar(parts[1]) };
    const followed = resolveScalar(view, found.node, found.path, steps);
    return 'open' in followed ? { open: followed.open } : { value: followed.value };
  }
  return { open: `computed when the job runs: \${${name}:...}` };
}

function asScalar(text: string): Value {
  if (text === 'null' || text === '') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  const value = arithmetic(text);
  return value === undefined || !/^[-+\d.eE_]+$/.test(text) ? text : value;
}
