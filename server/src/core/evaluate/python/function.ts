import { childIn, type SyntaxNode } from '../../syntax/tree.ts';
import { type Arguments, type FunctionValue, joinValues, listOf, type Store, unknown, type Value } from '../value.ts';
import { type Frame, type Machine, named, sourceOf, spanAt } from './machine.ts';

/** Bodies are entered at most this often and this deep: enough for every real script, and an end for any other. */
const maximumEntries = 4;
const maximumDepth = 14;
/** Constructors of modules and what they call are entered for every layer. */
const maximumBuildingEntries = 600;
const maximumBuildingDepth = 24;

/** Runs a function of the program with the arguments of one call; its result, joined over its returns. */
export function callFunction(machine: Machine, callee: FunctionValue, given: Arguments, at: Value['at']): Value {
  const node = callee.definition as SyntaxNode;
  const home = callee.frame as Frame;
  const entries = machine.entered.get(node) ?? 0;
  const building = machine.building > 0;
  const recursive = !building && machine.stack.some((one) => one.definition === node);
  const tooOften = entries >= (building ? maximumBuildingEntries : maximumEntries);
  if (recursive || tooOften || machine.stack.length >= (building ? maximumBuildingDepth : maximumDepth))
    return unknown(`${callee.name}() is not followed this far`, at);
  machine.entered.set(node, entries + 1);
  const outer = home.classBody ? home.outer : home;
  const frame: Frame = {
    module: home.module,
    scope: new Map(),
    outer,
    globalNames: [],
    returned: [],
    function: callee,
  };
  bindParameters(machine, callee, given, frame, at);
  const body = childIn(node, 'body');
  if (!body) return unknown('is not written yet', at);
  if (machine.stack.length < 2 && machine.reached && node.type !== 'lambda') machine.locals.push(frame.scope);
  machine.stack.push(callee);
  const loops = machine.looping;
  if (node.type === 'lambda') {
    const value = machine.evaluate(body, frame);
    machine.stack.pop();
    return value;
  }
  const signal = machine.run(body, frame);
  machine.looping = loops;
  machine.stack.pop();
  const end: readonly Value[] = signal === 'next' ? [{ kind: 'none', at }] : [];
  const results = [...frame.returned, ...end];
  const [first, ...rest] = results;
  return first ? rest.reduce(joinValues, first) : unknown('the call does not return', at);
}

function bindParameters(
  machine: Machine,
  callee: FunctionValue,
  given: Arguments,
  frame: Frame,
  at: Value['at'],
): void {
  const list = childIn(callee.definition as SyntaxNode, 'parameters');
  const home = callee.frame as Frame;
  const bound = callee.bound;
  const positional = [...(callee.self ? [callee.self] : []), ...(bound?.positional ?? []), ...given.positional];
  const keywords =
    bound || given.keywords.size > 0 ? new Map([...(bound?.keywords ?? []), ...given.keywords]) : undefined;
  const static_ = callee.decorators.some((one) => one.kind === 'reference' && one.path === 'builtins.staticmethod');
  if (static_ && callee.self) positional.shift();
  let position = 0;
  let keywordOnly = false;
  for (const parameter of list ? named(list) : []) {
    const parts = readParameter(parameter, home);
    if (!parts) {
      keywordOnly ||= parameter.type === 'keyword_separator';
      continue;
    }
    const { name, star, fallback } = parts;
    if (star === '*') {
      frame.scope.set(name, listOf(positional.slice(position), at, true));
      position = positional.length;
      keywordOnly = true;
    } else if (star === '**') {
      const open = given.open || bound?.open === true;
      const store: Store = keywords ?? new Map();
      frame.scope.set(name, open ? { kind: 'dict', store, at, open } : { kind: 'dict', store, at });
    } else {
      const passed = keywords?.get(name) ?? (keywordOnly ? undefined : positional[position]);
      if (!keywords?.has(name) && !keywordOnly) position += 1;
      keywords?.delete(name);
      frame.scope.set(
        name,
        passed ??
          (fallback && declaredDefault(machine.evaluate(fallback, home))) ??
          unknown(`"${name}" is given by the caller`, spanAt(parameter, home)),
      );
    }
  }
}

/** `typer.Option(0.1)` as a default stands for the value inside; nothing there means that the command gives it. */
function declaredDefault(value: Value): Value | undefined {
  if (value.kind !== 'object' || !/^(typer|cyclopts)\.(Option|Argument|Parameter)$/.test(value.path)) return value;
  const inner = value.call?.keywords.get('default') ?? value.call?.positional[0];
  return inner && !(inner.kind === 'reference' && inner.path === 'builtins.Ellipsis') ? inner : undefined;
}

interface Parameter {
  readonly name: string;
  readonly star: '' | '*' | '**';
  readonly fallback: SyntaxNode | undefined;
}

/** The parts of one parameter; undefined for a separator. */
export function readParameter(node: SyntaxNode, frame: Frame): Parameter | undefined {
  const fallback = childIn(node, 'value');
  switch (node.type) {
    case 'identifier':
      return { name: sourceOf(node, frame), star: '', fallback: undefined };
    case 'default_parameter':
    case 'typed_default_parameter':
      return { name: sourceOf(childIn(node, 'name'), frame), star: '', fallback };
    case 'typed_parameter': {
      const [inner] = named(node);
      return inner && readParameter(inner, frame);
    }
    case 'list_splat_pattern':
    case 'dictionary_splat_pattern': {
      const [inner] = named(node);
      return inner && { name: sourceOf(inner, frame), star: node.type === 'list_splat_pattern' ? '*' : '**', fallback };
    }
    default:
      return undefined;
  }
}
