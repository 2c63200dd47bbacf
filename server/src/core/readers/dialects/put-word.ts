import type { ShellWord } from '../../evaluate/shell-word.ts';
import type { FactName, FactValues } from '../../facts/vocabulary.ts';
import type { WriteResult } from '../reader.ts';
import type { Form } from './form.ts';
import { holeIn } from './hole.ts';
import { add, has, leaveOpen, type Sheet } from './sheet.ts';

/**
 * Puts a fact on the sheet from a word of a command, in a form. A word that only a run can tell, `auto` and
 * placeholders leave the fact open with the reason; a value of another kind is passed over.
 */
export function putWord<N extends FactName>(
  sheet: Sheet,
  name: N,
  word: ShellWord,
  form: Form<FactValues[N]>,
  options: { readonly derived?: boolean; readonly asWritten?: boolean } = {},
): boolean {
  if (has(sheet, name)) return false;
  const text = word.text.trim();
  const hole =
    word.unknown ??
    (/\{\{|\}\}/.test(text) ? 'A template fills this in.' : undefined) ??
    (/^<|^\[.*\]$/.test(text) && options.asWritten ? 'This is a placeholder.' : undefined) ??
    (options.asWritten ? undefined : holeIn(text)) ??
    (/^(?:auto|null|none)$/i.test(text) && !options.asWritten
      ? `\`${text}\` leaves the value to the program.`
      : undefined);
  if (hole !== undefined) {
    const written = options.asWritten && word.unknown !== undefined ? partlyKnown(sheet, word) : undefined;
    if (written === undefined) {
      leaveOpen(sheet, name, sentence(hole), word.span);
      if (word.exact && word.unknown === undefined) allowSpelling(sheet, name, word, form, text);
      return false;
    }
    add(sheet, name, written as FactValues[N], word.span, true);
    sheet.writers.set(name, () => ({ refused: sentence(hole) }));
    return true;
  }
  const formed = text === '' ? undefined : form.read(text);
  if (!formed) return false;
  const isDerived =
    options.derived ?? (!word.exact && (word.pieces.length > 1 || word.pieces.some((piece) => !piece.exact)));
  add(sheet, name, formed.value, word.span, isDerived);
  allowSpelling(sheet, name, word, form, text);
  return true;
}

function allowSpelling<N extends FactName>(
  sheet: Sheet,
  name: N,
  word: ShellWord,
  form: Form<FactValues[N]>,
  text: string,
): void {
  sheet.writers.set(name, (value) => {
    const spelled = form.spell(value as FactValues[N], text);
    return spelled === undefined
      ? { refused: `This command has no word for ${String(value)}.` }
      : rewriteWord(sheet, word, spelled);
  });
}

/** Replaces the text that fixes a word, or says why it cannot. */
export function rewriteWord(sheet: Sheet, word: ShellWord, text: string): WriteResult {
  if (word.unknown !== undefined) return { refused: sentence(word.unknown) };
  if (word.span.uri !== sheet.file.uri) return { refused: 'This value is set in another file.' };
  const old = sheet.file.text.slice(word.span.start, word.span.end);
  if (!word.exact || old !== word.text) return { refused: 'This value is put together from several parts.' };
  if (old === text) return { edits: [] };
  const before = sheet.file.text[word.span.start - 1];
  const quoted = before === '"' || before === "'";
  return {
    edits: [{ span: word.span, text: quoted || /^(?:[\w./:@%+,=~-]+|--[\w-]+ \w+)$/.test(text) ? text : `"${text}"` }],
  };
}

/** What stands at the place of a path of which only the front is not known. */
export function partlyKnown(sheet: Sheet, word: ShellWord): string | undefined {
  const known = word.pieces
    .filter((piece) => piece.unknown === undefined)
    .map((piece) => piece.text)
    .join('');
  if (!/\w/.test(known) || word.span.uri !== sheet.file.uri) return undefined;
  const written = sheet.file.text
    .slice(word.span.start, word.span.end)
    .replace(/^[-+\w.]+=/, '')
    .replace(/^["']|["']$/g, '');
  return /[\n`]|\$\(/.test(written) || written.length > 200 ? undefined : written;
}

/** A reason as a sentence. */
export function sentence(reason: string): string {
  const text = reason.endsWith('.') ? reason : `${reason}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
