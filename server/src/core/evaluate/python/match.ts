import { childIn, type SyntaxNode } from '../../syntax/tree.ts';
import { listOf, type Value } from '../value.ts';
import { type Frame, type Machine, named, type Signal, sourceOf } from './machine.ts';
import { compare } from './operator.ts';

/** `match` on a known value takes the first case that is a literal equal to it; otherwise every case may be taken. */
export function runMatch(machine: Machine, node: SyntaxNode, frame: Frame): Signal {
  const subject = childIn(node, 'subject');
  const value = subject && machine.evaluate(subject, frame);
  const block = childIn(node, 'body') ?? node;
  for (const one of [...block.children, ...node.children].filter((child) => child.type === 'case_clause')) {
    const body = childIn(one, 'consequence') ?? one.children.find((child) => child.type === 'block');
    const pattern = one.children.find((child) => child.type === 'case_pattern');
    const guarded = one.children.some((child) => child.type === 'if_clause');
    const fits = value && pattern && !guarded ? fitsPattern(machine, value, pattern, frame) : undefined;
    if (fits === false || !body) continue;
    if (fits) return machine.run(body, frame);
    machine.uncertain += 1;
    const branch = machine.journal.attempt(() => machine.run(body, frame));
    machine.uncertain -= 1;
    machine.journal.merge(branch.changes, new Map());
  }
  return 'next';
}

function fitsPattern(machine: Machine, value: Value, pattern: SyntaxNode, frame: Frame): boolean | undefined {
  if (sourceOf(pattern, frame) === '_') return true;
  const [inner] = named(pattern);
  const union = inner?.type === 'union_pattern' ? named(inner) : inner ? [inner] : [];
  const outcomes = union.map((one) =>
    /^(string|integer|float|true|false|none)$/.test(one.type)
      ? compare('==', value, machine.evaluate(one, frame))
      : undefined,
  );
  if (outcomes.includes(true)) return true;
  return outcomes.includes(undefined) || outcomes.length === 0 ? undefined : false;
}

/** One value for each target of an unpacking, a list for the starred one; undefined where the numbers do not fit. */
export function partsFor(
  targets: readonly SyntaxNode[],
  items: readonly Value[],
  at: Value['at'],
): readonly Value[] | undefined {
  const star = targets.findIndex((one) => one.type === 'list_splat_pattern');
  if (star < 0) return items.length === targets.length ? items : undefined;
  const end = items.length - (targets.length - star - 1);
  return end < star ? undefined : [...items.slice(0, star), listOf(items.slice(star, end), at), ...items.slice(end)];
}
