import type { SyntaxNode } from '../../syntax/tree.ts';
import { childIn } from '../../syntax/tree.ts';
import { type Arguments, type ClassValue, type ObjectValue, type Store, unknown, type Value } from '../value.ts';
import { noArguments } from './arguments.ts';
import { classMember, libraryBases, lineage } from './lineage.ts';
import { type Frame, type Machine, sourceOf, spanAt } from './machine.ts';
import { initializeBase } from './modules/base.ts';
import { buildModule } from './modules/build.ts';
import { isModuleClass } from './modules/kinds.ts';

const recordBases = /(^|\.)(NamedTuple|TypedDict|BaseModel|BaseSettings|Struct|\w*(Config|Arguments|Args))$/;

/** True for a class whose annotated names are its fields: dataclasses and what behaves like them. */
export function isRecord(holder: ClassValue): boolean {
  const marked = lineage(holder).some((one) =>
    one.decorators.some((mark) => {
      const path = mark.kind === 'reference' ? mark.path : mark.kind === 'object' ? mark.path : '';
      return /(^|\.)(dataclass|define|attrs|s|chz|frozen|mutable)$/.test(path);
    }),
  );
  return marked || libraryBases(holder).some((base) => recordBases.test(base));
}

/** One field of a record with its default. */
export interface Field {
  readonly name: string;
  readonly value: Value | undefined;
}

/** The fields of a record, those of the classes that it extends first. */
export function fieldsOf(machine: Machine, holder: ClassValue): readonly Field[] {
  const fields = new Map<string, Value | undefined>();
  for (const one of lineage(holder).toReversed()) {
    for (const statement of bodyOf(one)) {
      const assignment = statement.type === 'expression_statement' ? statement.children[0] : undefined;
      const left = assignment?.type === 'assignment' ? childIn(assignment, 'left') : undefined;
      if (!assignment || left?.type !== 'identifier') continue;
      const name = sourceOf(left, frameOf(one));
      const value = one.members.get(name);
      if (childIn(assignment, 'type') || value) fields.set(name, value && defaultOf(machine, value, frameOf(one)));
    }
  }
  return [...fields].map(([name, value]) => ({ name, value }));
}

function frameOf(holder: ClassValue): Frame {
  return (holder.definition as { readonly frame: Frame }).frame;
}

function bodyOf(holder: ClassValue): readonly SyntaxNode[] {
  const { node } = holder.definition as { readonly node: SyntaxNode };
  return childIn(node, 'body')?.children ?? [];
}

/** The default that a `field(...)` declares; any other value is its own default. */
export function defaultOf(machine: Machine, value: Value, frame: Frame): Value | undefined {
  if (
    value.kind !== 'object' ||
    !/(^|\.)(field|Field|Option|Argument|arg|HfArg|option|choice|ArgumentField|flag|list_field)$/.test(value.path)
  )
    return value;
  const call = value.call;
  const plain =
    call?.keywords.get('default') ?? (/\.?(field|Factory)$/.test(value.path) ? undefined : call?.positional[0]);
  if (plain && !(plain.kind === 'reference' && plain.path === 'builtins.Ellipsis')) return plain;
  const factory = call?.keywords.get('default_factory') ?? call?.keywords.get('factory');
  if (!factory) return undefined;
  return machine.call(factory, noArguments, frame.module.tree, frame);
}

/** An instance of a class of the program; modules of one class and the same arguments are made once and copied. */
export function instantiate(
  machine: Machine,
  holder: ClassValue,
  given: Arguments,
  node: SyntaxNode,
  frame: Frame,
): ObjectValue {
  if (!isModuleClass(holder)) return makeInstance(machine, holder, given, node, frame);
  return buildModule(machine, holder, given, spanAt(node, frame), () => {
    const made = makeInstance(machine, holder, given, node, frame);
    if (!classMember(holder, '__init__')) initializeBase(machine, made, baseOf(holder), given, node, frame);
    return made;
  });
}

/** The library class that a class extends. */
function baseOf(holder: ClassValue): string {
  return libraryBases(holder)[0] ?? '';
}

function makeInstance(
  machine: Machine,
  holder: ClassValue,
  given: Arguments,
  node: SyntaxNode,
  frame: Frame,
): ObjectValue {
  const fields: Store = new Map();
  const at = spanAt(node, frame);
  const serial = machine.serial++;
  const made: ObjectValue = { kind: 'object', path: holder.name, fields, class: holder, at, serial };
  const initializer = classMember(holder, '__init__');
  if (initializer?.kind === 'function' && !isRecordInitializer(holder)) {
    machine.call({ ...initializer, self: made }, given, node, frame);
    return made;
  }
  if (isRecord(holder)) {
    fieldsOf(machine, holder).forEach((field, index) => {
      const value = given.keywords.get(field.name) ?? given.positional[index] ?? field.value;
      if (value) fields.set(field.name, value);
      else fields.set(field.name, unknown(`"${field.name}" is given at run time`, at));
    });
  }
  for (const [name, value] of given.keywords) fields.set(name, value);
  const after = classMember(holder, '__post_init__');
  if (after?.kind === 'function') machine.call({ ...after, self: made }, noArguments, node, frame);
  return made;
}

function isRecordInitializer(holder: ClassValue): boolean {
  return (
    holder.decorators.some((mark) => 'path' in mark && /(^|\.)dataclass$/.test(mark.path)) &&
    !holder.members.has('__init__')
  );
}
