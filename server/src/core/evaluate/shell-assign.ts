import { childIn, type SyntaxNode } from '../syntax/tree.ts';
import { expandValue, expandWords } from './shell-expand.ts';
import { type Scope, type ShellText, sourceOf, spanIn, type Variable } from './shell-scope.ts';
import {
  joinValues,
  literalValue,
  type ShellValue,
  splitValue,
  textOf,
  unknownIn,
  unknownValue,
  wordOf,
} from './shell-word.ts';

/** `NAME=value`, `NAME+=value`, `NAME=( ... )`, `NAME[i]=value`. */
export function assign(node: SyntaxNode, source: ShellText, scope: Scope): void {
  const target = childIn(node, 'name');
  if (!target) return;
  const name = sourceOf(source, target.type === 'subscript' ? (childIn(target, 'name') ?? target) : target);
  const value = childIn(node, 'value');
  const adds = node.children.some((child) => child.type === '+=');
  const before = scope.variables.get(name);
  if (value?.type === 'array') {
    const words = value.children.filter((child) => child.named && child.type !== 'comment');
    const added = words.flatMap((word) => expandWords(word, source, scope));
    const kept = adds && before ? wordsOf(before) : [];
    scope.variables.set(name, { kind: 'array', words: [...kept, ...added] });
    return;
  }
  if (target.type === 'subscript') {
    scope.variables.delete(name);
    return;
  }
  const span = spanIn(source, node);
  const given = value ? expandValue(value, source, scope) : literalValue('', { ...span, start: span.end });
  if (!adds || !before) {
    scope.variables.set(name, { kind: 'text', value: given });
  } else if (before.kind === 'array') {
    const [first, ...rest] = before.words;
    const joined = wordOf(joinValues([first ?? given, ...(first ? [given] : [])], given.span), given.span);
    scope.variables.set(name, { kind: 'array', words: [joined, ...rest] });
  } else {
    scope.variables.set(name, { kind: 'text', value: joinValues([before.value, given], given.span) });
  }
}

/** `export`, `local`, `declare`, `readonly`, `typeset`, with or without values. */
export function declare(node: SyntaxNode, source: ShellText, scope: Scope): void {
  const exports = /^(export|declare\s+-\w*x|typeset\s+-\w*x)/.test(sourceOf(source, node));
  for (const child of node.children) {
    if (child.type === 'variable_assignment') assign(child, source, scope);
    const name = child.type === 'variable_name' ? child : childIn(child, 'name');
    if (exports && name) scope.exported.add(sourceOf(source, name));
  }
}

function wordsOf(variable: Variable) {
  return variable.kind === 'array'
    ? variable.words
    : splitValue(variable.value).map((value) => wordOf(value, value.span));
}

/** Brings the ends of undecided branches together: what they agree on stays, what they differ in is unknown. */
export function mergeScopes(scope: Scope, ends: readonly Scope[]): void {
  const [first, ...rest] = ends;
  if (!first) return;
  const names = new Set(ends.flatMap((end) => [...end.variables.keys()]));
  for (const name of names) {
    const held = ends.map((end) => end.variables.get(name));
    const [one] = held;
    if (one && rest.every((_, i) => sameVariable(one, held[i + 1]))) {
      scope.variables.set(name, one);
      continue;
    }
    const known = held.find((variable) => variable !== undefined);
    const place = known?.kind === 'text' ? known.value : known?.words[0];
    if (!known || !place) continue;
    scope.variables.set(name, alternatives(name, held, place));
  }
  for (const end of ends) {
    for (const exported of end.exported) scope.exported.add(exported);
    for (const [name, body] of end.functions) if (!scope.functions.has(name)) scope.functions.set(name, body);
  }
}

function alternatives(name: string, held: readonly (Variable | undefined)[], place: ShellValue): Variable {
  const reason = `\`${name}\` depends on a condition that only a run can tell`;
  const lists = held.filter((one) => one !== undefined);
  // Optional arguments: what every branch has stays, the rest is one unknown word.
  if (lists.length === held.length && lists.some((one) => one.kind === 'array')) {
    const words = lists.map(wordsOf);
    const [shortest] = [...words].sort((a, b) => a.length - b.length);
    const common = (shortest ?? []).filter((word) => words.every((list) => list.some((one) => one.text === word.text)));
    return { kind: 'array', words: [...common, wordOf(unknownValue(`$${name}`, place.span, reason), place.span)] };
  }
  return { kind: 'text', value: unknownValue(`$${name}`, place.span, reason) };
}

function sameVariable(a: Variable, b: Variable | undefined): boolean {
  if (!b || a.kind !== b.kind) return false;
  const text = (variable: Variable) =>
    variable.kind === 'text'
      ? `${unknownIn(variable.value) ?? ''}\u0000${textOf(variable.value)}`
      : variable.words.map((word) => word.text).join('\u0000');
  return text(a) === text(b);
}
