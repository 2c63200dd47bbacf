import { childIn, type SyntaxNode } from '../../syntax/tree.ts';
import {
  computed,
  itemsOf,
  joinValues,
  listOf,
  optionsOf,
  type Store,
  toNumber,
  truthOf,
  unknown,
  type Value,
} from '../value.ts';
import { readArguments } from './arguments.ts';
import { attributeOf } from './attribute.ts';
import { builtins } from './builtins.ts';
import { comprehend } from './comprehension.ts';
import { decodeText, formatNumber, readNumber } from './literal.ts';
import { type Frame, lookUp, type Machine, named, sourceOf, spanAt } from './machine.ts';
import { compare, negate, operate, printValue } from './operator.ts';
import { subscriptOf } from './subscript.ts';

/** The value of an expression, as far as it is known without running the program. Never throws. */
export function evaluateExpression(machine: Machine, node: SyntaxNode, frame: Frame): Value {
  machine.steps += 1;
  if (machine.steps > machine.allowed) return unknown('the file is too large to follow', spanAt(node, frame));
  switch (node.type) {
    case 'integer':
    case 'float': {
      const read = readNumber(sourceOf(node, frame));
      const at = spanAt(node, frame);
      if (!read) return unknown('is no number that can be read', at);
      return read.float
        ? { kind: 'number', value: read.value, float: true, at }
        : { kind: 'number', value: read.value, at };
    }
    case 'true':
    case 'false':
      return { kind: 'bool', value: node.type === 'true', at: spanAt(node, frame) };
    case 'none':
      return { kind: 'none', at: spanAt(node, frame) };
    case 'string':
      return readText(machine, node, frame);
    case 'concatenated_string': {
      const at = spanAt(node, frame);
      return named(node)
        .map((part) => machine.evaluate(part, frame))
        .reduce((a, b) => operate('+', a, b, at));
    }
    case 'identifier':
      return readName(node, frame);
    case 'attribute':
      return attributeOf(
        machine,
        written(machine, childIn(node, 'object'), node, frame),
        sourceOf(childIn(node, 'attribute'), frame),
        spanAt(node, frame),
      );
    case 'subscript':
      return subscriptOf(machine, node, frame);
    case 'call':
      return evaluateCall(machine, node, frame);
    case 'parenthesized_expression':
    case 'await':
      return written(machine, named(node)[0], node, frame);
    case 'named_expression': {
      const value = written(machine, childIn(node, 'value'), node, frame);
      machine.journal.set(frame.scope, sourceOf(childIn(node, 'name'), frame), value);
      return value;
    }
    case 'binary_operator':
      return operate(
        sourceOf(childIn(node, 'operator'), frame),
        written(machine, childIn(node, 'left'), node, frame),
        written(machine, childIn(node, 'right'), node, frame),
        spanAt(node, frame),
      );
    case 'unary_operator':
      return negative(
        written(machine, childIn(node, 'argument'), node, frame),
        sourceOf(childIn(node, 'operator'), frame),
        spanAt(node, frame),
      );
    case 'not_operator':
      return negate(written(machine, childIn(node, 'argument'), node, frame), spanAt(node, frame));
    case 'boolean_operator':
      return logical(machine, node, frame);
    case 'comparison_operator':
      return comparison(machine, node, frame);
    case 'conditional_expression':
      return conditional(machine, node, frame);
    case 'list':
    case 'tuple':
    case 'set':
    case 'expression_list':
      return readItems(machine, node, frame);
    case 'dictionary':
      return readDictionary(machine, node, frame);
    case 'lambda':
      return {
        kind: 'function',
        name: '<lambda>',
        definition: node,
        frame,
        decorators: [],
        at: spanAt(node, frame),
      };
    case 'list_comprehension':
    case 'set_comprehension':
    case 'generator_expression':
    case 'dictionary_comprehension':
      return comprehend(machine, node, frame);
    default:
      return unknown('is decided at run time', spanAt(node, frame));
  }
}

/** The value of a part of a node; unknown where the part is not written yet. */
function written(machine: Machine, part: SyntaxNode | undefined, node: SyntaxNode, frame: Frame): Value {
  return part ? machine.evaluate(part, frame) : unknown('is not written yet', spanAt(node, frame));
}

function readName(node: SyntaxNode, frame: Frame): Value {
  const name = sourceOf(node, frame);
  const found = lookUp(name, frame);
  if (found) return found;
  const at = spanAt(node, frame);
  if (name === '__name__') return { kind: 'string', value: frame.module.name, at, derived: true };
  if (name === '__file__') return unknown('is the place of the file', at);
  if (builtins.has(name)) return { kind: 'reference', path: `builtins.${name}`, at };
  const [star] = frame.module.stars;
  if (star) return { kind: 'reference', path: `${star}.${name}`, at };
  return unknown(`"${name}" is not set in this file`, at);
}

function negative(value: Value, sign: string, at: Value['at']): Value {
  if (value.kind === 'choice') return value.options.map((one) => negative(one, sign, at)).reduce(joinValues);
  const number = toNumber(value);
  if (number === undefined || sign === '~') return unknown('is computed at run time', at);
  const result = sign === '-' ? -number : number;
  const plain = value.kind === 'number' && !value.derived && value.at.start >= at.start && value.at.end <= at.end;
  const float = value.kind === 'number' && value.float === true;
  return plain
    ? { kind: 'number', value: result, float, at }
    : computed({ kind: 'number', value: result, float, at }, at, value);
}

function logical(machine: Machine, node: SyntaxNode, frame: Frame): Value {
  const left = childIn(node, 'left');
  const right = childIn(node, 'right');
  const at = spanAt(node, frame);
  if (!left || !right) return unknown('is not written yet', at);
  const and = sourceOf(childIn(node, 'operator'), frame) === 'and';
  const first = machine.evaluate(left, frame);
  const truth = truthOf(first);
  if (truth !== undefined) return truth === and ? machine.evaluate(right, frame) : first;
  const second = machine.evaluate(right, frame);
  const likely = likelyTruth(first);
  if (likely !== undefined && likely === and) {
    if (second.kind !== 'choice')
      return { kind: 'choice', options: optionsOf(joinValues(second, first)), likely: second, at };
    return second;
  }
  if (likely !== undefined) return first;
  if (truthOf(second) === !and && second.kind === 'bool') return computed(second, at, second);
  return first.kind === 'none' ? second : joinValues(first, second);
}

function likelyTruth(value: Value): boolean | undefined {
  return value.kind === 'choice' && value.likely ? truthOf(value.likely) : undefined;
}

function comparison(machine: Machine, node: SyntaxNode, frame: Frame): Value {
  const at = spanAt(node, frame);
  const operators: string[] = [];
  const values: Value[] = [];
  for (const child of node.children) {
    if (child.field === 'operators') operators.push(sourceOf(child, frame).replace(/\s+/g, ' '));
    else if (child.named && child.type !== 'comment') values.push(machine.evaluate(child, frame));
  }
  let result: boolean | undefined = true;
  for (const [index, operator] of operators.entries()) {
    const left = values[index];
    const right = values[index + 1];
    const outcome = left && right ? compare(operator, left, right) : undefined;
    if (outcome === false) result = false;
    else if (outcome === undefined && result !== false) result = undefined;
  }
  return result === undefined
    ? unknown('depends on a value of the run', at)
    : computed({ kind: 'bool', value: result, at }, at, ...values);
}

function conditional(machine: Machine, node: SyntaxNode, frame: Frame): Value {
  const [yes, test, no] = named(node);
  const at = spanAt(node, frame);
  if (!yes || !test || !no) return unknown('is not written yet', at);
  const asked = machine.evaluate(test, frame);
  const truth = truthOf(asked);
  if (truth !== undefined) {
    const taken = machine.evaluate(truth ? yes : no, frame);
    return taken.derived ? taken : { ...taken, derived: true };
  }
  const a = machine.evaluate(yes, frame);
  const b = machine.evaluate(no, frame);
  const likely = likelyTruth(asked);
  const joined = joinValues(a, b);
  if (joined.kind !== 'choice' || likely === undefined) return joined;
  return { ...joined, likely: likely ? a : b, at };
}

function readText(machine: Machine, node: SyntaxNode, frame: Frame): Value {
  const at = spanAt(node, frame);
  const prefix = /^[a-zA-Z]*/.exec(sourceOf(node, frame).slice(0, 3))?.[0]?.toLowerCase() ?? '';
  const raw = prefix.includes('r');
  let text = '';
  let formatted = false;
  const from: Value[] = [];
  let position: number | undefined;
  for (const part of node.children) {
    if (part.type === 'string_start') position = part.end;
    else if (part.type === 'string_end') continue;
    else if (part.type === 'interpolation') {
      formatted = true;
      const inner = childIn(part, 'expression') ?? named(part)[0];
      const value = inner && machine.evaluate(inner, frame);
      const format = part.children.find((child) => child.type === 'format_specifier');
      const shown = value && showPart(value, sourceOf(format, frame).replace(/^:/, ''));
      if (value) from.push(value);
      if (shown === undefined) return unknown('has a part that is known only at run time', at);
      text += shown;
    } else if (part.type === 'string_content') text += decodeText(sourceOf(part, frame), raw);
  }
  if (position === undefined) return unknown('is not written yet', at);
  if (prefix.includes('f')) text = text.replaceAll('{{', '{').replaceAll('}}', '}');
  return formatted ? computed({ kind: 'string', value: text, at }, at, ...from) : { kind: 'string', value: text, at };
}

function showPart(value: Value, format: string): string | undefined {
  if (value.kind === 'number' && format) return formatNumber(value.value, value.float === true, format);
  return format && !/^[<>^]?\d*s?$/.test(format) ? undefined : printValue(value);
}

function readItems(machine: Machine, node: SyntaxNode, frame: Frame): Value {
  const at = spanAt(node, frame);
  const items: Value[] = [];
  for (const child of named(node)) {
    const value = machine.evaluate(child.type === 'list_splat' ? (named(child)[0] ?? child) : child, frame);
    if (child.type !== 'list_splat') items.push(value);
    else if (value.kind === 'list') items.push(...itemsOf(value));
    else return unknown('has parts that are known only at run time', at);
  }
  return listOf(items, at, node.type === 'tuple' || node.type === 'expression_list');
}

function readDictionary(machine: Machine, node: SyntaxNode, frame: Frame): Value {
  const at = spanAt(node, frame);
  const store: Store = new Map();
  let open = false;
  for (const child of named(node)) {
    if (child.type === 'pair') {
      const key = childIn(child, 'key');
      const value = childIn(child, 'value');
      const name = key && printValue(machine.evaluate(key, frame));
      const read = value ? machine.evaluate(value, frame) : unknown('is not written yet', at);
      if (name === undefined) open = true;
      else store.set(name, read);
    } else if (child.type === 'dictionary_splat') {
      const inner = named(child)[0];
      const value = inner && machine.evaluate(inner, frame);
      if (value?.kind === 'dict') for (const [key, entry] of value.store) store.set(key, entry);
      else open = true;
    }
  }
  return open ? { kind: 'dict', store, at, open } : { kind: 'dict', store, at };
}

function evaluateCall(machine: Machine, node: SyntaxNode, frame: Frame): Value {
  const callee = childIn(node, 'function');
  if (!callee) return unknown('is not written yet', spanAt(node, frame));
  const value = machine.evaluate(callee, frame);
  const given = readArguments(machine, childIn(node, 'arguments'), frame);
  return machine.call(value, given, node, frame);
}
