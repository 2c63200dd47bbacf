import { computed, itemsOf, listOf, type Store, unknown, type Value } from '../../value.ts';
import { printValue } from '../operator.ts';
import { configPath, valueAt } from './data-value.ts';

const whole = /^\$\{([^${}]+)\}$/;
const part = /\$\{([^${}]+)\}/g;
const maximumDepth = 12;

/** Replaces `${a.b}`, `${.c}`, `${oc.env:NAME,default}` in a configuration by what they name; in place, once it is composed. */
export function resolveInterpolations(root: Store): void {
  const resolve = (value: Value, parents: readonly string[], depth: number): Value => {
    if (depth > maximumDepth) return unknown('names itself', value.at);
    if (value.kind === 'string' && value.value.includes('${')) {
      const only = whole.exec(value.value)?.[1];
      const named = (text: string): Value | undefined => {
        const found = lookUp(root, text, parents, value.at);
        return found && resolve(found.value, found.parents, depth + 1);
      };
      if (only !== undefined) return named(only) ?? unknown(`names ${value.value}, which is set outside`, value.at);
      let missing = false;
      const text = value.value.replace(part, (_, inner: string) => {
        const found = named(inner);
        const shown = found && printValue(found);
        missing ||= shown === undefined;
        return shown ?? '';
      });
      return missing || text.includes('${')
        ? unknown('has a part that is known only at run time', value.at)
        : computed({ kind: 'string', value: text, at: value.at }, value.at, value);
    }
    if (value.kind === 'list' && itemsOf(value).some((one) => one.kind === 'string'))
      return {
        ...listOf(
          itemsOf(value).map((one) => resolve(one, parents, depth + 1)),
          value.at,
        ),
        ...(value.tuple ? { tuple: true } : {}),
      };
    return value;
  };
  const walk = (store: Store, parents: readonly string[], depth: number): void => {
    if (depth > maximumDepth) return;
    for (const [name, value] of store) {
      if (value.kind === 'object' && value.path === configPath) walk(value.fields, [...parents, name], depth + 1);
      else store.set(name, resolve(value, parents, 0));
    }
  };
  walk(root, [], 0);
}

interface Named {
  readonly value: Value;
  readonly parents: readonly string[];
}

function lookUp(root: Store, text: string, parents: readonly string[], at: Value['at']): Named | undefined {
  const environment = /^oc\.env:\w+\s*,\s*(.*)$/.exec(text)?.[1];
  if (environment !== undefined)
    return { value: { kind: 'string', value: environment.replace(/^(['"])(.*)\1$/, '$2'), at }, parents };
  if (text.includes(':')) return undefined;
  const dots = /^\.*/.exec(text)?.[0].length ?? 0;
  const base = dots === 0 ? [] : parents.slice(0, parents.length - (dots - 1));
  const path = [...base, ...text.slice(dots).split('.')];
  const value = valueAt(root, path.join('.'));
  return value && { value, parents: path.slice(0, -1) };
}
