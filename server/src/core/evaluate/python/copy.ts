import { listOf, type Value } from '../value.ts';
import { cloneModule } from './modules/clone.ts';
import { isModule } from './modules/kinds.ts';

/** A copy whose changes leave the original alone. */
export function copyOf(value: Value | undefined): Value | undefined {
  if (value?.kind === 'list' || value?.kind === 'dict') return { ...value, store: new Map(value.store) };
  if (value?.kind === 'object') {
    const module = isModule(value) ? cloneModule(value, () => true) : undefined;
    return module ?? { ...value, fields: new Map(value.fields) };
  }
  return value;
}

/** A list of texts. */
export function textList(texts: readonly string[], at: Value['at']): Value {
  return listOf(
    texts.map((value) => ({ kind: 'string', value, at, derived: true })),
    at,
  );
}
