import type { CallEvent, Store, Value } from '../../../evaluate/value.ts';
import type { FactName, FactValue } from '../../../facts/vocabulary.ts';
import {
  colocated,
  flag,
  flagOrName,
  names,
  number,
  optimizer,
  positive,
  precision,
  scheduler,
  text,
  trainerOptimizer,
  vllm,
} from './forms.ts';
import { allowKeyword, isTold, type Ledger, type PutOptions, type PythonForm, put } from './ledger.ts';

/** A keyword or attribute that states a fact. */
export interface Key<N extends FactName = FactName> extends PutOptions {
  readonly keyword: string;
  readonly fact: N;
  readonly form: PythonForm<FactValue>;
}

const forms = {
  colocated,
  flag,
  flagOrName,
  names,
  number,
  optimizer,
  positive,
  precision,
  scheduler,
  text,
  trainerOptimizer,
  vllm,
} as const;

/** Name of a form. */
export type FormName = keyof typeof forms;

/** One row: keyword, fact, form. */
export type Row = readonly [keyword: string, fact: FactName, form: FormName];

/** A table of keywords from rows. */
export function keysOf(rows: readonly Row[]): readonly Key[] {
  return rows.map(([keyword, fact, form]) => ({ keyword, fact, form: forms[form] as PythonForm<FactValue> }));
}

/** What a configuration object holds under a name: set since, or given to its constructor. */
export function settingOf(value: Value | undefined, name: string): Value | undefined {
  if (value?.kind === 'dict') return value.store.get(name);
  if (value?.kind !== 'object') return undefined;
  return value.fields.get(name) ?? value.call?.keywords.get(name);
}

/** Puts every fact that a configuration object or call states by keyword. */
export function putKeys(
  ledger: Ledger,
  keys: readonly Key[],
  get: (keyword: string) => Value | undefined,
  call?: CallEvent,
): void {
  for (const key of keys) {
    const value = get(key.keyword);
    if (value) put(ledger, key.fact, value, key.form as never, key);
    if (!isTold(ledger, key.fact)) allowKeyword(ledger, key.fact, call, key.keyword, (to) => key.form.spell(to, '"'));
  }
}

/** The named values of a store. */
export function getFrom(store: Store | ReadonlyMap<string, Value>): (name: string) => Value | undefined {
  return (name) => store.get(name);
}
