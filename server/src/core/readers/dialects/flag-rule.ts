import { derived, stated } from '../../facts/fact.ts';
import type { FactName, FactValue, FactValues } from '../../facts/vocabulary.ts';
import type { Flag } from './flag.ts';
import type { Form } from './form.ts';
import { putWord, rewriteWord } from './put-word.ts';
import { has, type Sheet } from './sheet.ts';

/** What a flag says: one rule serves reading, changing and adding it. */
export interface FlagRule {
  readonly fact: FactName;
  /** Puts the fact of a flag on the sheet. */
  put(sheet: Sheet, flag: Flag): void;
  /** The value in words of a command, undefined where it cannot be said; an empty text is a bare flag. */
  spell(value: FactValue): string | undefined;
}

/** A flag whose value is the fact's value in a form. */
export function valued<N extends FactName>(
  fact: N,
  form: Form<FactValues[N]>,
  options: { readonly asWritten?: boolean; readonly ignore?: RegExp } = {},
): FlagRule {
  return {
    fact,
    put(sheet, flag) {
      if (!flag.value || options.ignore?.test(flag.value.text)) return;
      putWord(sheet, fact, flag.value, form, options);
    },
    spell: (value) => form.spell(value as FactValues[N], ''),
  };
}

/** A switch that is on when bare, and may carry a truth value (`--bf16`, `--packing True`, `--compile=0`). */
export function switched<N extends FactName>(
  fact: N,
  on: FactValues[N],
  off?: FactValues[N],
  style: 'bare' | 'word' = 'word',
): FlagRule {
  return {
    fact,
    put(sheet, flag) {
      if (has(sheet, fact)) return;
      const state = switchState(flag);
      const value = state === true ? on : state === false ? off : undefined;
      if (state === undefined && flag.value) {
        putWord(sheet, fact, flag.value, { read: () => undefined, spell: () => undefined });
        return;
      }
      if (value === undefined) return;
      const at = flag.value ?? flag.word;
      const same = typeof value === 'boolean';
      sheet.facts.push(same ? stated(fact, value, at.span) : derived(fact, value, at.span));
      sheet.writers.set(fact, (wanted) => {
        const text = wanted === on ? 'True' : wanted === off ? 'False' : undefined;
        if (text === undefined) return { refused: `This command has no word for ${String(wanted)}.` };
        if (flag.value) return rewriteWord(sheet, flag.value, spelledLike(flag.value.text, wanted === on));
        if (wanted !== off) return { edits: [] };
        return flag.takesTruth ? rewriteWord(sheet, flag.word, `${flag.word.text} False`) : removeFlag(sheet, flag);
      });
    },
    spell: (value) => (value === on ? (style === 'bare' ? '' : 'True') : undefined),
  };
}

/** True or false as a flag says it; undefined where it says neither. */
export function switchState(flag: Flag): boolean | undefined {
  if (!flag.value) return true;
  const text = flag.value.text.toLowerCase();
  if (flag.value.unknown !== undefined) return undefined;
  if (/^(true|1|yes|on|y|t)$/.test(text)) return true;
  return /^(false|0|no|off|n|f|none)$/.test(text) ? false : undefined;
}

/** A truth value in the manner of the old one. */
export function spelledLike(old: string, value: boolean): string {
  const pairs = [
    ['1', '0'],
    ['yes', 'no'],
    ['on', 'off'],
    ['true', 'false'],
  ] as const;
  const pair = pairs.find((one) => one.some((word) => word === old.toLowerCase())) ?? pairs[3];
  const word = value ? pair[0] : pair[1];
  return /^[A-Z]/.test(old) ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}

/** Takes a bare flag out of its command, with the space or the continued line before it. */
export function removeFlag(sheet: Sheet, flag: Flag) {
  const { at } = flag.word;
  if (at.uri !== sheet.file.uri || sheet.file.text.slice(at.start, at.end) !== flag.word.text) {
    return { refused: 'This flag is put together from several parts.' };
  }
  const before = /(?:[ \t]*\\\r?\n[ \t]*|[ \t]+)$/.exec(sheet.file.text.slice(0, at.start))?.[0] ?? '';
  const lineStart = /\n[ \t]*$/.exec(sheet.file.text.slice(0, at.start))?.[0] ?? '';
  const start = at.start - (before.includes('\n') || lineStart === '' ? before.length : lineStart.length);
  return { edits: [{ span: { uri: at.uri, start, end: at.end }, text: '' }] };
}
