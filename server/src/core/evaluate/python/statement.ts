import { childIn, childrenIn, type SyntaxNode } from '../../syntax/tree.ts';
import { type ClassValue, type FunctionValue, itemsOf, truthOf, unknown, type Value } from '../value.ts';
import { setAttribute } from './attribute.ts';
import { importNames } from './import.ts';
import type { Changes } from './journal.ts';
import { type Frame, type Machine, named, type Signal, sourceOf, spanAt } from './machine.ts';
import { partsFor, runMatch } from './match.ts';
import { asItems, turnOf } from './modules/method.ts';
import { operate, printValue } from './operator.ts';
import { bindPattern } from './pattern.ts';

/** Runs the statements of a block in order; under an unknown test both ways are taken and joined. */
export function runBlock(machine: Machine, block: SyntaxNode, frame: Frame): Signal {
  for (const statement of block.children) {
    if (machine.steps > machine.allowed) return 'next';
    const signal = runStatement(machine, statement, frame);
    if (signal !== 'next') return signal;
  }
  return 'next';
}

function runStatement(machine: Machine, node: SyntaxNode, frame: Frame): Signal {
  machine.steps += 1;
  switch (node.type) {
    case 'expression_statement':
      for (const child of node.children)
        if (child.named && child.type !== 'comment') runExpression(machine, child, frame);
      return endsProgram(node, frame) ? 'raise' : 'next';
    case 'if_statement':
      return runIf(machine, node, frame);
    case 'for_statement':
      return runFor(machine, node, frame);
    case 'while_statement':
      return runWhile(machine, node, frame);
    case 'match_statement':
      return runMatch(machine, node, frame);
    case 'with_statement':
      return runWith(machine, node, frame);
    case 'try_statement':
      return runTry(machine, node, frame);
    case 'function_definition':
      define(machine, node, [], frame);
      return 'next';
    case 'class_definition':
      defineClass(machine, node, [], frame);
      return 'next';
    case 'decorated_definition':
      runDecorated(machine, node, frame);
      return 'next';
    case 'import_statement':
    case 'import_from_statement':
      importNames(machine, node, frame);
      return 'next';
    case 'global_statement':
      for (const name of named(node)) frame.globalNames.push(sourceOf(name, frame));
      return 'next';
    case 'return_statement': {
      const [value] = named(node);
      const at = spanAt(node, frame);
      frame.returned.push(value ? machine.evaluate(value, frame) : { kind: 'none', at });
      return 'return';
    }
    case 'raise_statement':
      return 'raise';
    case 'break_statement':
      return 'break';
    case 'continue_statement':
      return 'continue';
    case 'block':
      return machine.run(node, frame);
    case 'assert_statement':
    case 'delete_statement':
      return 'next';
    case 'ERROR':
      runBlock(machine, node, frame);
      return 'next';
    default:
      return 'next';
  }
}

function endsProgram(node: SyntaxNode, frame: Frame): boolean {
  const only = node.children.find((child) => child.named && child.type !== 'comment');
  return only?.type === 'call' && /^(sys\.exit|exit|quit|os\._exit)$/.test(sourceOf(childIn(only, 'function'), frame));
}

function runExpression(machine: Machine, node: SyntaxNode, frame: Frame): void {
  if (node.type === 'assignment') {
    const right = childIn(node, 'right');
    const left = childIn(node, 'left');
    if (right && left) assign(machine, left, assigned(machine, right, frame), frame);
  } else if (node.type === 'augmented_assignment') augment(machine, node, frame);
  else machine.evaluate(node, frame);
}

/** The value of `a = b = value` goes to every target. */
function assigned(machine: Machine, right: SyntaxNode, frame: Frame): Value {
  if (right.type !== 'assignment') return machine.evaluate(right, frame);
  const inner = childIn(right, 'right');
  const target = childIn(right, 'left');
  const value = inner ? assigned(machine, inner, frame) : unknown('is not written yet', spanAt(right, frame));
  if (target) assign(machine, target, value, frame);
  return value;
}

/** Gives a value to a name, attribute, entry or tuple of them. */
function assign(machine: Machine, target: SyntaxNode, value: Value, frame: Frame): void {
  if (target.type === 'attribute') {
    const object = childIn(target, 'object');
    if (object)
      setAttribute(machine, machine.evaluate(object, frame), sourceOf(childIn(target, 'attribute'), frame), value);
  } else if (target.type === 'subscript') {
    assignEntry(machine, target, value, frame);
  } else if (target.type === 'pattern_list' || target.type === 'tuple_pattern' || target.type === 'list_pattern') {
    const targets = named(target);
    const items = value.kind === 'list' ? partsFor(targets, itemsOf(value), value.at) : undefined;
    targets.forEach((one, index) => {
      const part: Value = items?.[index] ?? partOf(value, index);
      assign(machine, one.type === 'list_splat_pattern' ? (named(one)[0] ?? one) : one, part, frame);
    });
  } else bindPattern(machine, target, value, frame);
}

function partOf(value: Value, index: number): Value {
  if (value.kind === 'object') {
    const member = value.fields.get(`part ${index}`);
    return member ?? { kind: 'reference', path: `${value.path}[${index}]`, owner: value, at: value.at };
  }
  return unknown(value.kind === 'unknown' ? value.reason : 'is one of several results of a call', value.at);
}

function assignEntry(machine: Machine, target: SyntaxNode, value: Value, frame: Frame): void {
  const holder = childIn(target, 'value');
  const [key] = childrenIn(target, 'subscript');
  if (!holder || !key) return;
  const object = machine.evaluate(holder, frame);
  const name = key.type === 'slice' ? undefined : printValue(machine.evaluate(key, frame));
  if (name === undefined) return;
  if (object.kind === 'dict' || object.kind === 'list') machine.journal.set(object.store, name, value);
  else if (object.kind === 'object') machine.journal.set(object.fields, name, value);
  else if (object.kind === 'reference' && object.path === 'os.environ')
    machine.journal.set(machine.environment, name, value);
}

function augment(machine: Machine, node: SyntaxNode, frame: Frame): void {
  const left = childIn(node, 'left');
  const right = childIn(node, 'right');
  if (!left || !right) return;
  const before = machine.evaluate(left, frame);
  const value = machine.evaluate(right, frame);
  const operator = sourceOf(childIn(node, 'operator'), frame).replace(/=$/, '');
  const at = spanAt(node, frame);
  const result = machine.looping > 0 ? unknown('changes in a loop', at) : operate(operator, before, value, at);
  assign(machine, left, result, frame);
}

/** One way of a test, tried and taken back: how it ended and what it changed. */
interface Branch {
  readonly signal: Signal;
  readonly changes: Changes;
}

function runIf(machine: Machine, node: SyntaxNode, frame: Frame): Signal {
  const condition = childIn(node, 'condition');
  const body = childIn(node, 'consequence');
  return choose(machine, condition, body, childrenIn(node, 'alternative'), frame);
}

function choose(
  machine: Machine,
  condition: SyntaxNode | undefined,
  body: SyntaxNode | undefined,
  others: readonly SyntaxNode[],
  frame: Frame,
): Signal {
  const test: Value | undefined = condition && machine.evaluate(condition, frame);
  const truth = test && truthOf(test);
  const [other, ...rest] = others;
  const runOther = (): Signal => {
    if (!other) return 'next';
    if (other.type === 'elif_clause')
      return choose(machine, childIn(other, 'condition'), childIn(other, 'consequence'), rest, frame);
    const block = childIn(other, 'body');
    return block ? machine.run(block, frame) : 'next';
  };
  const runBody = (): Signal => {
    const around = machine.every;
    machine.every = (condition && divisorOf(machine, condition, frame)) ?? around;
    const signal = body ? machine.run(body, frame) : 'next';
    machine.every = around;
    return signal;
  };
  // Where all that is known leads to an error, something that is not known must be otherwise: the program goes on.
  if (truth !== undefined) {
    const signal = truth ? runBody() : runOther();
    return signal === 'raise' ? 'next' : signal;
  }
  const taken = attempt(machine, runBody);
  const left = attempt(machine, runOther);
  return meet(machine, taken, left);
}

/** `n` of a test such as `step % n == 0`. */
function divisorOf(machine: Machine, node: SyntaxNode, frame: Frame, depth = 0): Machine['every'] {
  if (depth > 6) return undefined;
  if (node.type === 'binary_operator' && sourceOf(childIn(node, 'operator'), frame) === '%') {
    const right = childIn(node, 'right');
    return right && { value: machine.evaluate(right, frame), counted: sourceOf(childIn(node, 'left'), frame) };
  }
  for (const child of node.children) {
    const found = child.named && child.type !== 'call' ? divisorOf(machine, child, frame, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

function attempt(machine: Machine, run: () => Signal): Branch {
  machine.uncertain += 1;
  const { result, changes } = machine.journal.attempt(run);
  machine.uncertain -= 1;
  return { signal: result, changes };
}

function meet(machine: Machine, a: Branch, b: Branch): Signal {
  const goesOn = (one: Branch) => one.signal === 'next';
  if (goesOn(a) && goesOn(b)) machine.journal.merge(a.changes, b.changes);
  else if (goesOn(a)) machine.journal.apply(a.changes);
  else if (goesOn(b)) machine.journal.apply(b.changes);
  else {
    machine.journal.merge(a.changes, b.changes);
    return a.signal === 'raise' ? b.signal : a.signal;
  }
  return 'next';
}

const maximumTurns = 12;
/** Turns of a loop with a short body (`for key, value in config.items(): setattr(args, key, value)`). */
const maximumShortTurns = 64;
/** Turns of a loop that makes layers. */
const maximumBuildingTurns = 256;

/** True for a loop outside a constructor that collects layers (`layers.append(nn.Linear(...))`), not one that trains. */
function buildsModules(body: SyntaxNode, frame: Frame): boolean {
  const text = sourceOf(body, frame);
  return (
    body.children.length <= 12 &&
    /(\.(append|extend|add_module)\(|\+=\s*\[).*\b[A-Z]\w*\(/s.test(text) &&
    !/\.(backward|step|zero_grad|item)\(|\bprint\(|\bopen\(/.test(text)
  );
}

function runFor(machine: Machine, node: SyntaxNode, frame: Frame): Signal {
  const left = childIn(node, 'left');
  const right = childIn(node, 'right');
  const body = childIn(node, 'body');
  if (!left || !right || !body) return 'next';
  const over = asItems(machine.evaluate(right, frame));
  const { loops, looping, reached } = machine;
  const building = machine.building > 0;
  const bounds = building ? [] : boundsOf(machine, right, frame);
  if (!building)
    loops.push({ over, bounds, variable: sourceOf(left, frame), at: spanAt(right, frame), reached, loops: looping });
  const counted = building || (bounds.length > 0 && buildsModules(body, frame));
  const turns = counted ? maximumBuildingTurns : body.children.length <= 2 ? maximumShortTurns : maximumTurns;
  const written =
    over.kind === 'list' && over.store.size <= turns && (bounds.length === 0 || counted) ? itemsOf(over) : undefined;
  if (written) {
    for (const item of written) {
      assign(machine, left, item, frame);
      const signal = machine.run(body, frame);
      if (signal === 'return' || signal === 'raise') return signal;
      if (signal === 'break') break;
    }
    return 'next';
  }
  assign(machine, left, turnOf(over) ?? unknown('changes in a loop', spanAt(left, frame)), frame);
  machine.looping += 1;
  machine.run(body, frame);
  machine.looping -= 1;
  return 'next';
}

/** The arguments of the `range` that a loop counts over, also inside `tqdm(...)`, `enumerate(...)` and the like. */
function boundsOf(machine: Machine, node: SyntaxNode, frame: Frame, depth = 0): readonly Value[] {
  if (node.type !== 'call' || depth > 2) return [];
  const list = childIn(node, 'arguments');
  const parts = list ? named(list) : [];
  if (/(^|\.)t?range$/.test(sourceOf(childIn(node, 'function'), frame)))
    return parts.filter((one) => one.type !== 'keyword_argument').map((one) => machine.evaluate(one, frame));
  const [first] = parts;
  return first ? boundsOf(machine, first, frame, depth + 1) : [];
}

function runWhile(machine: Machine, node: SyntaxNode, frame: Frame): Signal {
  const condition = childIn(node, 'condition');
  const body = childIn(node, 'body');
  const truth = condition && truthOf(machine.evaluate(condition, frame));
  if (!body || truth === false) return 'next';
  if (truth && machine.building > 0) {
    for (let turn = 0; turn < maximumBuildingTurns; turn += 1) {
      const signal = machine.run(body, frame);
      if (signal === 'return' || signal === 'raise') return signal;
      const again = condition && truthOf(machine.evaluate(condition, frame));
      if (signal === 'break' || again === false) return 'next';
      if (again === undefined) break;
    }
  }
  machine.looping += 1;
  const branch = machine.journal.attempt(() => machine.run(body, frame));
  machine.looping -= 1;
  machine.journal.merge(branch.changes, truth ? branch.changes : new Map());
  return 'next';
}

function runWith(machine: Machine, node: SyntaxNode, frame: Frame): Signal {
  const clause = node.children.find((child) => child.type === 'with_clause');
  for (const item of clause ? named(clause) : []) {
    const value = childIn(item, 'value') ?? named(item)[0];
    if (!value) continue;
    if (value.type !== 'as_pattern') machine.evaluate(value, frame);
    else {
      const [expression, alias] = named(value);
      const target = alias && (named(alias)[0] ?? alias);
      const entered = expression && machine.evaluate(expression, frame);
      if (entered && target?.type === 'identifier') bindPattern(machine, target, entered, frame);
    }
  }
  const body = childIn(node, 'body');
  return body ? machine.run(body, frame) : 'next';
}

function runTry(machine: Machine, node: SyntaxNode, frame: Frame): Signal {
  const body = childIn(node, 'body');
  const signal = body ? machine.run(body, frame) : 'next';
  for (const clause of node.children) {
    if (clause.type !== 'else_clause' && clause.type !== 'finally_clause') continue;
    const block = clause.children.find((child) => child.type === 'block');
    if (block && (signal === 'next' || clause.type === 'finally_clause')) machine.run(block, frame);
  }
  return signal === 'raise' ? 'next' : signal;
}

function define(machine: Machine, node: SyntaxNode, decorators: readonly Value[], frame: Frame): FunctionValue {
  const name = sourceOf(childIn(node, 'name'), frame);
  const at = spanAt(childIn(node, 'name') ?? node, frame);
  const value: FunctionValue = { kind: 'function', name, definition: node, frame, decorators, at };
  machine.journal.set(frame.scope, name, value);
  return value;
}

function defineClass(machine: Machine, node: SyntaxNode, decorators: readonly Value[], frame: Frame): ClassValue {
  const name = sourceOf(childIn(node, 'name'), frame);
  const at = spanAt(childIn(node, 'name') ?? node, frame);
  const list = childIn(node, 'superclasses');
  const bases = list
    ? named(list)
        .filter((one) => one.type !== 'keyword_argument')
        .map((one) => machine.evaluate(one, frame))
    : [];
  const inner: Frame = {
    module: frame.module,
    scope: new Map(),
    outer: frame,
    globalNames: [],
    returned: [],
    classBody: true,
  };
  const body = childIn(node, 'body');
  if (body) machine.run(body, inner);
  const value: ClassValue = {
    kind: 'class',
    name,
    definition: { node, frame: inner },
    bases,
    members: inner.scope,
    decorators,
    at,
  };
  machine.journal.set(frame.scope, name, value);
  return value;
}

function runDecorated(machine: Machine, node: SyntaxNode, frame: Frame): void {
  const marks = node.children.filter((child) => child.type === 'decorator');
  const decorators = marks.map((mark) => {
    const [expression] = named(mark);
    return expression ? machine.evaluate(expression, frame) : unknown('is not written yet', spanAt(mark, frame));
  });
  const definition = childIn(node, 'definition');
  if (definition?.type === 'function_definition') define(machine, definition, decorators, frame);
  else if (definition?.type === 'class_definition') defineClass(machine, definition, decorators, frame);
}
