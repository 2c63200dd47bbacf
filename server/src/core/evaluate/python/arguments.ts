import { childIn, type SyntaxNode } from '../../syntax/tree.ts';
import { type Arguments, itemsOf, type Value } from '../value.ts';
import { type Frame, type Machine, sourceOf } from './machine.ts';

const noKeywords: Arguments['keywords'] = new Map();

/** No arguments at all. */
export const noArguments: Arguments = { positional: [], keywords: noKeywords, open: false };

/** The arguments of a call: positional, by keyword, and unpacked where the unpacked value is known. */
export function readArguments(machine: Machine, list: SyntaxNode | undefined, frame: Frame): Arguments {
  if (!list) return noArguments;
  if (list.type === 'generator_expression')
    return { positional: [machine.evaluate(list, frame)], keywords: noKeywords, open: false };
  const positional: Value[] = [];
  let made: Map<string, Value> | undefined;
  // Most calls have no keywords: a map is made for the first.
  const setKeyword = (name: string, value: Value): void => {
    made ??= new Map();
    made.set(name, value);
  };
  let open = false;
  for (const child of list.children) {
    if (!child.named || child.type === 'comment') continue;
    if (child.type === 'keyword_argument') {
      const value = childIn(child, 'value');
      if (value) setKeyword(sourceOf(childIn(child, 'name'), frame), machine.evaluate(value, frame));
    } else if (child.type === 'list_splat' || child.type === 'dictionary_splat') {
      const inner = child.children.find((one) => one.named);
      const value = inner && machine.evaluate(inner, frame);
      if (value?.kind === 'list') positional.push(...itemsOf(value));
      else if (value?.kind === 'dict') {
        for (const [key, entry] of value.store) setKeyword(key, entry);
        open ||= value.open === true;
      } else if (value?.kind === 'object' && child.type === 'dictionary_splat') {
        for (const [key, entry] of value.fields) setKeyword(key, entry);
        open = true;
      } else open = true;
    } else positional.push(machine.evaluate(child, frame));
  }
  return { positional, keywords: made ?? noKeywords, open };
}

/** An argument by keyword or position. */
export function argument(given: Arguments, position: number, keyword?: string): Value | undefined {
  return (keyword === undefined ? undefined : given.keywords.get(keyword)) ?? given.positional[position];
}
