import { localFigures } from './local-figures.ts';

/** Texts of one language by their English ones. English texts with `{0}` in them are sentences with places for words and figures. */
export type Bundle = Readonly<Record<string, string>>;

/** Where a sentence of the bundle applies, and what stands in its places. */
interface Sentence {
  readonly key: string;
  readonly pattern: RegExp;
  /** The longest of its own words: a text without them is none of these, which is told faster than by the pattern. */
  readonly mark: string;
  readonly places: readonly number[];
}

/**
 * What a place takes: `{0}` words of one part, which are translated in their turn; `{#0}` a figure with its range; `{~0}` a stretch of
 * time; `{=0}` a size on disk.
 */
const places: Readonly<Record<string, string>> = {
  '': '((?:(?![;:.] ).)+?)',
  '#': '([^\\sA-Za-z()]*\\d[^\\sA-Za-z()]*(?: \\([^A-Za-z()]*(?:to [^A-Za-z()]*)?\\))?)',
  '~': '([\\d.,]+ (?:ms|s|min|h|d)(?: \\d+ h)?(?: \\([^()]*\\))?)',
  '=': '([\\d.,]+ (?:B|KB|MB|GB|TB|PB))',
};

/** How texts are put together, the widest first; each is also a text of the bundle. */
const joints = ['. ', '; ', ': ', ', ', ' · '];

/** An English word among others: no name that stands by itself, no figure, no unit. */
const wordy = /(?:^| )\(?(?!min\b|ms\b|to\b)[A-Za-z][a-z]+(?![\w-]|[/.]\w)/;

/** True for what is a name, a figure with its unit, or both: it is the same in every language. */
function isPlain(text: string): boolean {
  return !text.includes(' ') || !wordy.test(text);
}

/** Texts come again and again while somebody types; more of them than this are of another job. */
const mostKept = 4000;

/**
 * Makes the translator of one language. The English texts of the core are put together from the bundle's sentences; a text is
 * taken apart into them, and each is said in the language, with figures as the language writes them. A text of which one part is not
 * in the bundle stays English as a whole: half a sentence in each language is read by nobody.
 */
export function translatorOf(bundle: Bundle, locale: string): (text: string) => string {
  const sentences = indexSentences(bundle);
  const kept = new Map<string, string>();

  const attempt = (text: string): string | undefined => {
    const exact = bundle[text];
    if (exact !== undefined) return exact;
    if (text.includes('. ')) return split(text, '. ');
    if (/[^.]\.$/.test(text)) return withEnd(attempt(text.slice(0, -1)), bundle['.'] ?? '.');
    for (const { key, pattern, mark, places: at } of sentences(text)) {
      if (!text.includes(mark)) continue;
      const found = pattern.exec(text);
      if (!found) continue;
      const said = found.slice(1).map(attempt);
      if (said.every((one) => one !== undefined))
        return fillPlaces(bundle[key] ?? key, new Map(at.map((n, i) => [n, said[i] ?? ''])));
    }
    for (const joint of joints) if (text.includes(joint)) return split(text, joint);
    return isPlain(text) ? localFigures(text, locale) : undefined;
  };
  const split = (text: string, joint: string): string | undefined => {
    const all = splitOutside(text, joint);
    // What follows a title may be a sentence that holds the joint itself.
    const parts = joint === ': ' && all.length > 2 ? [all[0] ?? '', all.slice(1).join(joint)] : all;
    if (parts.length < 2) return isPlain(text) ? localFigures(text, locale) : undefined;
    const said = parts.map(attempt);
    return said.every((one) => one !== undefined) ? said.join(bundle[joint] ?? joint) : undefined;
  };

  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const said = attempt(text) ?? text;
    if (kept.size >= mostKept) kept.clear();
    kept.set(text, said);
    return said;
  };
}

/** Puts values into their places, whatever they take. */
export function fillPlaces(text: string, values: ReadonlyMap<number, string>): string {
  return text.replace(/\{[#~=]?(\d+)\}/g, (whole, at: string) => values.get(Number(at)) ?? whole);
}

function withEnd(text: string | undefined, end: string): string | undefined {
  return text === undefined ? undefined : `${text}${end}`;
}

/** The sentences that may fit a text, those with most words of their own first. */
function indexSentences(bundle: Bundle): (text: string) => readonly Sentence[] {
  const all = Object.keys(bundle)
    .filter((key) => /\{[#~=]?\d\}/.test(key))
    .map((key) => ({ ...toSentence(key), own: key.replace(/\{[^}]*\}/g, '').length, first: key.charAt(0) }))
    .sort((a, b) => b.own - a.own);
  const byFirst = new Map<string, readonly Sentence[]>();
  return (text) => {
    const first = text.charAt(0);
    const known = byFirst.get(first) ?? all.filter((one) => one.first === '{' || one.first === first);
    if (byFirst.size < 256) byFirst.set(first, known);
    return known;
  };
}

function toSentence(key: string): Sentence {
  const at: number[] = [];
  const source = key.replace(
    /\{([#~=]?)(\d)\}|[\\^$.*+?()[\]{}|]/g,
    (whole, kind: string | undefined, n: string | undefined) => {
      if (n === undefined) return `\\${whole}`;
      at.push(Number(n));
      return places[kind ?? ''] ?? '';
    },
  );
  const mark = key.split(/\{[#~=]?\d\}/).reduce((longest, one) => (one.length > longest.length ? one : longest), '');
  return { key, pattern: new RegExp(`^${source}$`), mark, places: at };
}

/** The parts of a text between joints that stand in no brackets. */
function splitOutside(text: string, joint: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '(') depth += 1;
    else if (sign === ')') depth -= 1;
    else if (depth === 0 && text.startsWith(joint, at)) {
      parts.push(text.slice(from, at));
      at += joint.length - 1;
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
}
