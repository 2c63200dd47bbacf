import { localCount } from './local-figures.ts';
import { type Bundle, fillPlaces, translatorOf } from './translate.ts';

export type { Bundle } from './translate.ts';

/**
 * Says a text in the reader's language: the English text is the key, `{0}` and on are filled with the values, which are said in
 * their turn. A text that the core put together from several sentences is taken apart.
 */
export type Say = (text: string, ...values: readonly (string | number)[]) => string;

/** Speaks by a bundle, with figures as the locale writes them; what the bundle lacks is said in English. */
export function sayIn(bundle: Bundle, locale = 'en'): Say {
  if (Object.keys(bundle).length === 0) return sayPlain;
  const translate = translatorOf(bundle, locale);
  return (text, ...values) => {
    if (values.length === 0) return translate(text);
    const said = values.map((one) => (typeof one === 'string' ? translate(one) : localCount(one, locale)));
    return fill(bundle[text] ?? text, said);
  };
}

/** English. */
export const sayPlain: Say = (text, ...values) => (values.length === 0 ? text : fill(text, values.map(String)));

function fill(text: string, values: readonly string[]): string {
  return fillPlaces(text, new Map(values.map((value, at) => [at, value])));
}
