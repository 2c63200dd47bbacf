/** Says a text in the reader's language: the English text is the key, `{0}` and on are filled with the values. */
export type Say = (text: string, ...values: readonly (string | number)[]) => string;

/** Texts of one language by their English ones. */
export type Bundle = Readonly<Record<string, string>>;

/** Speaks by a bundle; what it lacks is said in English. */
export function sayIn(bundle: Bundle): Say {
  return (text, ...values) => fill(bundle[text] ?? text, values);
}

/** English. */
export const sayPlain: Say = sayIn({});

function fill(text: string, values: readonly (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (whole, at: string) => String(values[Number(at)] ?? whole));
}
