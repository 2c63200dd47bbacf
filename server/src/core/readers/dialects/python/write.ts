import type { CallEvent } from '../../../evaluate/value.ts';
import { sameValue } from '../../../facts/fact.ts';
import { lineBreak } from '../../../source/lines.ts';
import type { SourceFile } from '../../../source/source-file.ts';
import type { TextEdit } from '../../../source/span.ts';
import type { SpecChange, WriteResult } from '../../reader.ts';
import { describeLack, type Holder, wordOf } from '../lack.ts';
import type { Entry, Ledger, Slot } from './ledger.ts';

/** Sets one fact where the program states it, or adds it to the call that takes it. */
export function writeFact(file: SourceFile, ledger: Ledger, change: SpecChange, holder: Holder): WriteResult {
  const entry = ledger.entries.get(change.name);
  if (entry) return writeEntry(file, ledger, entry, change);
  if (ledger.open.has(change.name)) {
    return { refused: `The program decides ${wordOf(change.name)} when it runs: set it to a plain value first.` };
  }
  const slot = ledger.slots.get(change.name);
  if (!slot || slot.call.at.uri !== file.uri) return describeLack(holder, change.name);
  return addKeyword(file, slot, change);
}

function writeEntry(file: SourceFile, ledger: Ledger, entry: Entry, change: SpecChange): WriteResult {
  if (sameValue(entry.fact.value, change.value)) return { edits: [] };
  const { at } = entry.value;
  if (at.uri !== file.uri) return { refused: `Another file sets ${wordOf(change.name)}: change it there.` };
  const old = file.text.slice(at.start, at.end);
  if (change.name === 'training.precision') {
    const renamed = renameSwitch(file, entry, change);
    if (renamed) return { edits: [renamed] };
  }
  if (!isLiteral(old))
    return { refused: `The program computes ${wordOf(change.name)} here: change the values it comes from.` };
  for (const [name, other] of ledger.entries) {
    // What is worked out from the same value changes with it; what is stated by it as well does not want to.
    const implied = other.fact.origin.kind === 'code' && other.fact.origin.derived === true;
    if (name !== change.name && !implied && other.value.at.start === at.start && other.value.at.uri === at.uri)
      return { refused: `The same value also sets ${wordOf(name)}, so ${wordOf(change.name)} cannot be set alone.` };
  }
  const text = spellAt(entry, change, old);
  if (text === undefined)
    return { refused: `There is no way to write ${String(change.value)} for ${wordOf(change.name)} here.` };
  return { edits: [{ span: at, text }] };
}

/** The new source of a literal; a text such as `"--lr=1e-4"` keeps what stands before the value. */
function spellAt(entry: Entry, change: SpecChange, old: string): string | undefined {
  const word = /^(?:(['"])(-{1,2}[\w.-]+=))(.*)\1$/.exec(old);
  if (!word) return entry.spell(change.value, old);
  const [, mark = '', name = '', value = ''] = word;
  const text = entry.spell(change.value, value)?.replace(/^(['"])(.*)\1$/, '$2');
  return text === undefined ? undefined : `${mark}${name}${text}${mark}`;
}

/** A literal that stands for itself: a number, text, truth value, dtype or list of texts. */
function isLiteral(source: string): boolean {
  return (
    /^-?[\d.][\w.+-]*$|^(True|False|None)$|^[\w]+(\.\w+)+$/.test(source) ||
    /^[rbu]?(['"])(?:(?!\1)[^\\\n]|\\.)*\1$/.test(source) ||
    /^[[(]\s*(['"][^'"\n]*['"]\s*,?\s*)+[\])]$/.test(source)
  );
}

/** `fp16=True` becomes `bf16=True`, and the other way round. */
function renameSwitch(file: SourceFile, entry: Entry, change: SpecChange): TextEdit | undefined {
  const { at } = entry.value;
  const match = /\b(bf16|fp16)(\s*=\s*)$/.exec(file.text.slice(Math.max(0, at.start - 40), at.start));
  const name = match?.[1];
  if (!match || name === undefined || entry.value.derived || file.text.slice(at.start, at.end) !== 'True')
    return undefined;
  const start = at.start - match[0].length;
  if (change.value === 'bf16' || change.value === 'fp16')
    return { span: { uri: at.uri, start, end: start + name.length }, text: change.value };
  return change.value === 'fp32' ? { span: at, text: 'False' } : undefined;
}

/** Adds a keyword before the closing parenthesis, in the layout of the arguments that are there. */
function addKeyword(file: SourceFile, slot: Slot, change: SpecChange): WriteResult {
  const value = slot.spell(change.value);
  if (value === undefined)
    return { refused: `There is no way to write ${String(change.value)} for ${wordOf(change.name)} here.` };
  const there = slot.call.keywords.get(slot.keyword);
  if (!there) return insertKeyword(file, slot.call, `${slot.keyword}=${value}`);
  // A switch that is off states nothing, but its keyword is taken.
  const old = file.text.slice(there.at.start, there.at.end);
  if (there.at.uri !== file.uri || there.derived || !isLiteral(old)) {
    return { refused: `The program computes \`${slot.keyword}\` here: change the values it comes from.` };
  }
  return { edits: [{ span: there.at, text: value }] };
}

/** The edit that adds one argument to a call. */
export function insertKeyword(file: SourceFile, call: CallEvent, argument: string): WriteResult {
  const { list } = call;
  const source = file.text.slice(list.start, list.end);
  if (!source.startsWith('(') || !source.endsWith(')')) return { refused: 'The call is not complete.' };
  const inner = source.slice(1, -1);
  const at = (offset: number) => ({ uri: file.uri, start: list.start + offset, end: list.start + offset });
  const body = inner.replace(/\s+$/, '');
  if (body.trim() === '') return { edits: [{ span: at(1), text: argument }] };
  const lastLine = body.slice(body.lastIndexOf('\n') + 1);
  const indent = /^[ \t]*/.exec(lastLine)?.[0] ?? '';
  const multiline = body.includes('\n') && /^\s*\n/.test(inner) && inner.length > body.length;
  if (/#/.test(lastLine.replace(/(['"])(?:(?!\1).)*\1/g, ''))) return afterComment(file, call, body, indent, argument);
  const comma = body.endsWith(',');
  const offset = 1 + body.length;
  if (multiline) {
    const text = comma ? `${lineBreak(file)}${indent}${argument},` : `,${lineBreak(file)}${indent}${argument}`;
    return { edits: [{ span: at(offset), text }] };
  }
  return { edits: [{ span: at(offset), text: comma ? ` ${argument}` : `, ${argument}` }] };
}

/** The last argument has a comment behind it: the comma goes before the comment, the new argument on a line of its own. */
function afterComment(file: SourceFile, call: CallEvent, body: string, indent: string, argument: string): WriteResult {
  const lineStart = body.lastIndexOf('\n') + 1;
  const line = body.slice(lineStart);
  const mark = /^(?:[^'"#]|(['"])(?:(?!\1).)*\1)*/.exec(line)?.[0].length ?? 0;
  const code = line.slice(0, mark).replace(/\s+$/, '');
  const start = call.list.start + 1;
  const end = start + body.length;
  const edits: TextEdit[] = [];
  if (code !== '' && !code.endsWith(',') && !code.endsWith('(')) {
    const offset = start + lineStart + code.length;
    edits.push({ span: { uri: file.uri, start: offset, end: offset }, text: ',' });
  }
  edits.push({ span: { uri: file.uri, start: end, end }, text: `${lineBreak(file)}${indent}${argument},` });
  return { edits };
}
