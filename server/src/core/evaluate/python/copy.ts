import { listOf, type Value } from '../value.ts';

/** A copy whose changes leave the original alone. */
export function copyOf(value: Value | undefined): Value | undefined {
  if (value?.kind === 'list' || value?.kind === 'dict') return { ...value, store: new Map(value.store) };
  if (value?.kind === 'object') return { ...value, fields: new Map(value.fields) };
  return value;
}

/** A list of texts. */
export function textList(texts: readonly string[], at: Value['at']): Value {
  return listOf(
    texts.map((value) => ({ kind: 'string', value, at, derived: true })),
    at,
  );
}
