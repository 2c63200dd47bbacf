import { derived, type Fact, type OpenFact, stated } from '../../facts/fact.ts';
import type { FactName, FactValue } from '../../facts/vocabulary.ts';
import type { Span } from '../../source/span.ts';
import type { DataNode } from '../../syntax/data.ts';
import { type ConfigView, type Found, find, placeOfValue } from './config-view.ts';
import { resolveScalar } from './interpolate.ts';
import type { Answer, KeyForm, Plain } from './key-form.ts';

/**
 * The keys of a format: dotted path to the form of the fact it states. One table reads and writes.
 * Where several rows state one fact the first that is present wins; keys of one map stand in the order
 * in which the format's users write them, for an inserted key goes beside its nearest neighbour of the table.
 */
export type KeyTable = Readonly<Record<string, KeyForm | readonly KeyForm[]>>;

/** A row of a table, taken apart. */
export interface Row {
  readonly path: string;
  readonly steps: readonly string[];
  readonly form: KeyForm;
}

/** Facts and open facts under way. */
export interface Gathered {
  readonly facts: Fact[];
  readonly open: OpenFact[];
}

const rowsOf = new WeakMap<KeyTable, readonly Row[]>();

/** The rows of a table in order. */
export function tableRows(table: KeyTable): readonly Row[] {
  const known = rowsOf.get(table);
  if (known) return known;
  const rows = Object.entries(table).flatMap(([path, forms]) =>
    [forms].flat().map((form) => ({ path, steps: path.split('.'), form })),
  );
  rowsOf.set(table, rows);
  return rows;
}

/** All that a table reads in a config. */
export function readTable(view: ConfigView, table: KeyTable): Gathered {
  const gathered: Gathered = { facts: [], open: [] };
  for (const row of tableRows(table)) {
    const found = find(view, row.steps);
    if (found) readRow(view, found, row.form, gathered);
  }
  return gathered;
}

/** Reads one value by one form and adds what it says, unless the fact is known already. */
export function readRow(view: ConfigView, found: Found, form: KeyForm, gathered: Gathered): void {
  if (gathered.facts.some((fact) => fact.name === form.fact)) return;
  const plain = plainOf(view, found.node, found.path);
  if (!plain) return;
  const place = found.node.kind === 'scalar' ? (plain.span ?? found.node.span) : placeOfValue(found);
  const answer: Answer = 'open' in plain ? plain : form.read(plain.value, plain.raw);
  if (!answer) return;
  if ('open' in answer) {
    if (!form.quiet) addOpen(gathered, { name: form.fact, reason: answer.open, span: place });
  } else
    addFact(
      gathered,
      toFact(answer.fact ?? form.fact, answer.value, place, answer.derived || plain.derived, plain.also),
    );
}

/** A fact, stated or derived. */
export function toFact(
  name: FactName,
  value: FactValue,
  span: Span,
  isDerived = false,
  also: readonly Span[] = [],
): Fact {
  return isDerived || also.length > 0 ? derived(name, value, span, ...also) : stated(name, value, span);
}

/** Adds a fact unless its name is known; an open one of that name is then settled. */
export function addFact(gathered: Gathered, fact: Fact): void {
  if (gathered.facts.some((one) => one.name === fact.name)) return;
  gathered.facts.push(fact);
  for (let at = gathered.open.length - 1; at >= 0; at--) {
    if (gathered.open[at]?.name === fact.name) gathered.open.splice(at, 1);
  }
}

/** Adds an open fact unless its name is known or open already. */
export function addOpen(gathered: Gathered, open: OpenFact): void {
  const known = [...gathered.facts, ...gathered.open].some((one) => one.name === open.name);
  if (!known) gathered.open.push(open);
}

interface PlainValue {
  readonly value: Plain;
  readonly raw: string;
  readonly span?: Span;
  readonly derived: boolean;
  readonly also: readonly Span[];
}

function plainOf(
  view: ConfigView,
  node: DataNode,
  path: readonly string[],
): PlainValue | { open: string; span?: Span; derived: false; also: [] } | undefined {
  if (node.kind === 'map') return undefined;
  if (node.kind === 'scalar') {
    const resolved = resolveScalar(view, node, path);
    if ('open' in resolved) return { ...resolved, derived: false, also: [] };
    const raw = resolved.span === node.span ? node.raw : String(resolved.value);
    return { value: resolved.value, raw, span: resolved.span, derived: resolved.derived, also: resolved.also };
  }
  const items: string[] = [];
  for (const [index, item] of node.items.entries()) {
    if (item.kind !== 'scalar') return undefined;
    const resolved = resolveScalar(view, item, [...path, String(index)]);
    if ('open' in resolved) return { ...resolved, derived: false, also: [] };
    items.push(String(resolved.value));
  }
  return { value: items, raw: '', derived: false, also: [] };
}
