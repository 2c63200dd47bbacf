import type { CallEvent, Value } from '../../../evaluate/value.ts';
import { derived, type Fact, type OpenFact, stated } from '../../../facts/fact.ts';
import type { FactName, FactValue, FactValues } from '../../../facts/vocabulary.ts';
import type { Span } from '../../../source/span.ts';
import type { SpecChange } from '../../reader.ts';

/** What a form made of a value; `silent` says nothing at all (a switch that is off by a number such as -1). */
export type Formed<V extends FactValue> = { readonly value: V; readonly derived?: boolean } | 'silent' | undefined;

/** How a Python value states a fact, and how a new one is spelled in its place. */
export interface PythonForm<V extends FactValue> {
  read(value: Value): Formed<V>;
  /** New source in the manner of the old; undefined where the value cannot be said so. */
  spell(value: V, old: string): string | undefined;
}

/** A keyword of a call, or a key of a dictionary, under which a fact can be added. */
export interface Slot {
  /** The argument list or the dictionary, brackets included. */
  readonly list: Span;
  readonly keyword: string | ((value: FactValue) => string);
  /** What stands under a keyword already, though it states nothing. */
  standing(keyword: string): Value | undefined;
  spell(value: FactValue): string | undefined;
}

/** One fact with the value that states it. */
export interface Entry {
  readonly fact: Fact;
  readonly value: Value;
  spell(value: FactValue, old: string): string | undefined;
}

/** What a program says, name by name: the first statement of a name holds. */
export interface Ledger {
  readonly entries: Map<FactName, Entry>;
  readonly open: Map<FactName, OpenFact>;
  /** Where a fact that is not stated could be. */
  readonly slots: Map<FactName, Slot>;
  /** What else must be set with a fact, by the value that it is set to. */
  readonly also: Map<FactName, (value: FactValue) => readonly SpecChange[]>;
}

/** A ledger with nothing in it. */
export function createLedger(): Ledger {
  return { entries: new Map(), open: new Map(), slots: new Map(), also: new Map() };
}

/** True where a name is already told, known or open. */
export function isTold(ledger: Ledger, name: FactName): boolean {
  return ledger.entries.has(name) || ledger.open.has(name);
}

/** Options of one statement. */
export interface PutOptions {
  /** The fact is implied by the value, not spelled. */
  readonly implied?: boolean;
  /** What cannot be read is left out instead of named as open. */
  readonly quiet?: boolean;
}

/** Puts what a value says of a name, unless it is already told. */
export function put<N extends FactName>(
  ledger: Ledger,
  name: N,
  value: Value | undefined,
  form: PythonForm<FactValues[N]>,
  options: PutOptions = {},
): void {
  if (!value || value.kind === 'none' || isTold(ledger, name)) return;
  const settled = settle(value);
  const formed = form.read(settled);
  if (formed === 'silent') return;
  if (formed === undefined) {
    if (options.quiet) return;
    ledger.open.set(name, { name, reason: reasonOf(settled), span: value.at });
    return;
  }
  const also = settled.also ?? [];
  const computedValue = formed.derived || options.implied || settled.derived || settled !== value;
  const fact = computedValue
    ? derived(name, formed.value, settled.at, ...also)
    : stated(name, formed.value, settled.at);
  ledger.entries.set(name, {
    fact: fact as Fact,
    value: settled,
    spell: (to, old) => form.spell(to as FactValues[N], old),
  });
}

/** Puts a fact that something implies as a whole (a trainer's class, a strategy object). */
export function imply<N extends FactName>(ledger: Ledger, name: N, value: FactValues[N], at: Span): void {
  if (isTold(ledger, name)) return;
  const source: Value = { kind: 'unknown', reason: 'is implied', at, derived: true };
  ledger.entries.set(name, { fact: derived(name, value, at) as Fact, value: source, spell: () => undefined });
}

/** Lets a fact be added as a keyword of a call; a slot nearer to the program's way stays. */
export function allowKeyword(
  ledger: Ledger,
  name: FactName,
  call: CallEvent | undefined,
  keyword: Slot['keyword'],
  spell: Slot['spell'],
): void {
  if (!call || ledger.slots.has(name)) return;
  ledger.slots.set(name, { list: call.list, keyword, spell, standing: (one) => call.keywords.get(one) });
}

/** Names a fact that the program mentions and does not fix. */
export function leaveOpen(ledger: Ledger, name: FactName, reason: string, span: Span): void {
  if (!isTold(ledger, name)) ledger.open.set(name, { name, reason, span });
}

/** A choice of which one is likely, or of which only one is known, stands for that one. */
export function settle(value: Value): Value {
  if (value.kind !== 'choice') return value;
  if (value.likely && value.likely.kind !== 'bool') return settle({ ...value.likely, derived: true });
  const told = value.options.filter((one) => one.kind !== 'unknown' && one.kind !== 'none');
  const [only] = told;
  return only && told.length === 1 && only.kind !== 'bool' ? { ...only, derived: true } : value;
}

function reasonOf(value: Value): string {
  if (value.kind === 'unknown') return sentenceOf(value.reason);
  if (value.kind === 'choice') return 'One of several values, decided when the program runs.';
  return 'This is decided when the program runs.';
}

/** A reason as a sentence: one with a subject of its own stands alone, the others speak of the value. */
function sentenceOf(reason: string): string {
  if (/^["'`]|^\S+\(/.test(reason)) return `${reason}.`;
  return /^(?:the|no|its)\s/.test(reason) ? `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.` : `This ${reason}.`;
}
