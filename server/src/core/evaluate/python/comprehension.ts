import { childIn, type SyntaxNode } from '../../syntax/tree.ts';
import { computed, itemsOf, listOf, type Store, truthOf, unknown, type Value } from '../value.ts';
import { type Frame, type Machine, named, spanAt } from './machine.ts';
import { asItems } from './modules/method.ts';
import { printValue } from './operator.ts';
import { bindPattern } from './pattern.ts';

const maximumItems = 256;

interface Made {
  readonly items: Value[];
  readonly store: Store;
  /** The first list that was walked. */
  over: Value | undefined;
}

/** The list, set or dictionary that a comprehension makes, where every list that it walks over is known. */
export function comprehend(machine: Machine, node: SyntaxNode, frame: Frame): Value {
  const at = spanAt(node, frame);
  const body = childIn(node, 'body');
  if (!body) return unknown('is not written yet', at);
  const inner: Frame = { ...frame, scope: new Map(), outer: frame, globalNames: [], returned: [] };
  const clauses = node.children.filter((child) => child.type === 'for_in_clause' || child.type === 'if_clause');
  const made: Made = { items: [], store: new Map(), over: undefined };
  const dictionary = node.type === 'dictionary_comprehension';
  if (clauses.length === 0 || !walk(machine, clauses, body, inner, made))
    return unknown(dictionary ? 'is a dictionary made at run time' : 'is a list made at run time', at);
  const over = made.over ?? unknown('is empty', at);
  if (dictionary) return computed({ kind: 'dict', store: made.store, at }, at, over);
  return computed(listOf(made.items, at), at, over);
}

/** Runs the clauses from the first on; false where one of them is not known. */
function walk(machine: Machine, clauses: readonly SyntaxNode[], body: SyntaxNode, frame: Frame, made: Made): boolean {
  const [clause, ...rest] = clauses;
  if (!clause) return add(machine, body, frame, made);
  if (clause.type === 'if_clause') {
    const [test] = named(clause);
    const kept = test ? truthOf(machine.evaluate(test, frame)) : true;
    return kept === undefined ? false : !kept || walk(machine, rest, body, frame, made);
  }
  const left = childIn(clause, 'left');
  const right = childIn(clause, 'right');
  const over = right && asItems(machine.evaluate(right, frame));
  if (!left || over?.kind !== 'list' || over.store.size > maximumItems) return false;
  made.over ??= over;
  for (const item of itemsOf(over)) {
    bindPattern(machine, left, item, frame);
    if (!walk(machine, rest, body, frame, made)) return false;
  }
  return true;
}

function add(machine: Machine, body: SyntaxNode, frame: Frame, made: Made): boolean {
  if (made.items.length + made.store.size >= maximumItems) return false;
  if (body.type !== 'pair') {
    made.items.push(machine.evaluate(body, frame));
    return true;
  }
  const [key, value] = named(body).map((part) => machine.evaluate(part, frame));
  const name = key && printValue(key);
  if (name === undefined || !value) return false;
  made.store.set(name, value);
  return true;
}
