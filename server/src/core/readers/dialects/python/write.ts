import { sameValue } from '../../../facts/fact.ts';
import type { FactName, FactValue } from '../../../facts/vocabulary.ts';
import type { SourceFile } from '../../../source/source-file.ts';
import type { Span, TextEdit } from '../../../source/span.ts';
import { isRefusal, type Refusal, type SpecChange, type WriteResult } from '../../reader.ts';
import { describeLack, type Holder, wordOf } from '../lack.ts';
import { insertArguments } from './insert-argument.ts';
import type { Entry, Ledger, Slot } from './ledger.ts';

/** Sets one fact where the program states it, or adds it to the call that takes it; with it what it asks for. */
export function writeFact(file: SourceFile, ledger: Ledger, change: SpecChange, holder: Holder): WriteResult {
  const wanted = [change, ...(ledger.also.get(change.name)?.(change.value) ?? [])];
  const edits: TextEdit[] = [];
  const added = new Map<Span, string[]>();
  for (const one of wanted) {
    const slot = slotFor(file, ledger, one);
    if (slot) {
      const argument = spellArgument(file, slot, one);
      if (typeof argument === 'object') return argument;
      added.set(slot.list, [...(added.get(slot.list) ?? []), argument]);
      continue;
    }
    const result = writeOne(file, ledger, one, holder);
    if (isRefusal(result)) return result;
    edits.push(...result.edits);
  }
  for (const [list, texts] of added) {
    const result = insertArguments(file, list, texts);
    if (isRefusal(result)) return result;
    edits.push(...result.edits);
  }
  return { edits };
}

/** Where a change is an argument that the program lacks. */
function slotFor(file: SourceFile, ledger: Ledger, { name, value }: SpecChange): Slot | undefined {
  const slot = ledger.slots.get(name);
  const entry = ledger.entries.get(name);
  const implied = entry?.value.kind === 'unknown' && !sameValue(entry.fact.value, value);
  if (!slot || slot.list.uri !== file.uri || (entry && !implied) || ledger.open.has(name)) return undefined;
  return slot.standing(keywordOf(slot, value)) ? undefined : slot;
}

function keywordOf({ keyword }: Slot, value: FactValue): string {
  return typeof keyword === 'string' ? keyword : keyword(value);
}

function spellArgument(file: SourceFile, slot: Slot, { name, value }: SpecChange): string | Refusal {
  const text = slot.spell(value);
  if (text === undefined) return { refused: `There is no way to write ${String(value)} for ${wordOf(name)} here.` };
  const keyword = keywordOf(slot, value);
  if (file.text[slot.list.start] !== '{') return `${keyword}=${text}`;
  const mark = /['"]/.exec(file.text.slice(slot.list.start, slot.list.end))?.[0] ?? '"';
  return `${mark}${keyword}${mark}: ${text}`;
}

function writeOne(file: SourceFile, ledger: Ledger, change: SpecChange, holder: Holder): WriteResult {
  const entry = ledger.entries.get(change.name);
  if (entry) return writeEntry(file, ledger, entry, change);
  if (ledger.open.has(change.name)) {
    return { refused: `The program decides ${wordOf(change.name)} when it runs: set it to a plain value first.` };
  }
  const slot = ledger.slots.get(change.name);
  const standing = slot?.standing(keywordOf(slot, change.value));
  if (!slot || !standing || slot.list.uri !== file.uri) return describeLack(holder, change.name);
  const value = slot.spell(change.value);
  if (value === undefined)
    return { refused: `There is no way to write ${String(change.value)} for ${wordOf(change.name)} here.` };
  // A switch that is off states nothing, but its keyword is taken.
  const old = file.text.slice(standing.at.start, standing.at.end);
  if (standing.at.uri !== file.uri || standing.derived || !isLiteral(old)) {
    return {
      refused: `The program computes \`${keywordOf(slot, change.value)}\` here: change the values it comes from.`,
    };
  }
  return { edits: [{ span: standing.at, text: value }] };
}

function writeEntry(file: SourceFile, ledger: Ledger, entry: Entry, change: SpecChange): WriteResult {
  if (sameValue(entry.fact.value, change.value)) return { edits: [] };
  const { at } = entry.value;
  if (at.uri !== file.uri) return { refused: `Another file sets ${wordOf(change.name)}: change it there.` };
  const old = file.text.slice(at.start, at.end);
  const renamed = renameSwitch(file, entry, change) ?? renameBits(file, entry, change);
  if (renamed) return { edits: [renamed] };
  if (!isLiteral(old))
    return { refused: `The program computes ${wordOf(change.name)} here: change the values it comes from.` };
  for (const [name, other] of ledger.entries) {
    // What is worked out from the same value changes with it; what is stated by it as well does not want to.
    const implied = other.fact.origin.kind === 'code' && other.fact.origin.derived === true;
    if (
      name !== change.name &&
      !implied &&
      !keepsOther(name, change.name) &&
      other.value.at.start === at.start &&
      other.value.at.uri === at.uri
    )
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
    /^-?[\d.][\w.+-]*$|^[\d_.]+(\s*\*\s*[\d_.]+)+$|^(True|False|None)$|^[\w]+(\.\w+)+$/.test(source) ||
    /^[rbu]?(['"])(?:(?!\1)[^\\\n]|\\.)*\1$/.test(source) ||
    /^[[(]\s*(['"][^'"\n]*['"]\s*,?\s*)+[\])]$/.test(source)
  );
}

/** `fp16=True` becomes `bf16=True`, and the other way round. */
function renameSwitch(file: SourceFile, entry: Entry, change: SpecChange): TextEdit | undefined {
  if (change.name !== 'training.precision') return undefined;
  const { at } = entry.value;
  const match = /\b(bf16|fp16)(\s*=\s*)$/.exec(file.text.slice(Math.max(0, at.start - 40), at.start));
  const name = match?.[1];
  if (!match || name === undefined || entry.value.derived || file.text.slice(at.start, at.end) !== 'True')
    return undefined;
  const start = at.start - match[0].length;
  if (!isArgument(file, start)) return undefined;
  if (change.value === 'bf16' || change.value === 'fp16')
    return { span: { uri: at.uri, start, end: start + name.length }, text: change.value };
  return change.value === 'fp32' ? { span: at, text: 'False' } : undefined;
}

/** `load_in_4bit=True` becomes `load_in_8bit=True`, and the other way round. */
function renameBits(file: SourceFile, entry: Entry, change: SpecChange): TextEdit | undefined {
  if (change.name !== 'quantization.bits' || (change.value !== 4 && change.value !== 8)) return undefined;
  const { at } = entry.fact.origin.kind === 'code' ? { at: entry.fact.origin.span } : entry.value;
  const match = /\bload_in_([48])(bit["']?\s*[=:]\s*)$/.exec(file.text.slice(Math.max(0, at.start - 40), at.start));
  if (!match || at.uri !== file.uri || file.text.slice(at.start, at.end) !== 'True') return undefined;
  const start = at.start - (match[1] ?? '').length - (match[2] ?? '').length;
  const name = start - 'load_in_'.length;
  if (!isArgument(file, file.text[name - 1] === '"' || file.text[name - 1] === "'" ? name - 1 : name)) return undefined;
  return { span: { uri: at.uri, start, end: start + 1 }, text: String(change.value) };
}

/** True for a name behind a bracket or a comma: a variable of that name is used elsewhere too. */
function isArgument(file: SourceFile, start: number): boolean {
  return /[(,{]\s*(?:#[^\n]*\n\s*)*$/.test(file.text.slice(Math.max(0, start - 400), start));
}

/** `"H100:8"` says two things, each spelled so that the other stays; one batch size for training and evaluation is meant so. */
function keepsOther(one: FactName, other: FactName): boolean {
  const pair = /^hardware\.(?:accelerator|gpus_per_node)$/;
  const batch = /^training\.per_device_(?:eval_)?batch_size$/;
  return (pair.test(one) && pair.test(other)) || (batch.test(one) && batch.test(other));
}
