import type { FactName, FactValue } from '../../facts/vocabulary.ts';
import { lineBreak, lineEnd } from '../../source/lines.ts';
import type { SourceFile } from '../../source/source-file.ts';
import { type DataMap, type DataNode, entryOf } from '../../syntax/data.ts';
import type { WriteResult } from '../reader.ts';
import { quoteLike } from './quote.ts';
import { has, rewrite, type Sheet } from './sheet.ts';

/** Lets a fact that the file is silent about be set: as a new key of a map. */
export function allow(
  sheet: Sheet,
  name: FactName,
  map: DataNode | undefined,
  key: string,
  spell: (value: FactValue) => string | undefined,
): void {
  if (has(sheet, name) || sheet.writers.has(name) || map?.kind !== 'map') return;
  sheet.writers.set(name, (value) => {
    const text = spell(value);
    if (text === undefined) return { refused: `This format has no word for ${String(value)}.` };
    const there = entryOf(map, key);
    if (!there) return insertEntry(sheet.file, map, key, text);
    if (there.value.kind !== 'scalar') return { refused: `\`${key}\` holds more than one value here.` };
    return rewrite(sheet.file, there.value, text);
  });
}

/** Adds a key with a scalar value to a map, after its last plain line, in the manner of its neighbours. */
export function insertEntry(file: SourceFile, map: DataMap, key: string, text: string): WriteResult {
  const first = map.entries[0];
  if (!first || map.entries.some((entry) => entry.shared)) {
    return { refused: 'The block that would hold this is empty or shared with another place.' };
  }
  const value = quoteLike(file.languageId, { style: 'plain', raw: '', value: text }, text);
  if (file.languageId === 'json') return insertJson(file, map, key, value);
  if (map.flow) return { refused: 'The block that would hold this is written on one line.' };
  const lineStart = file.text.lastIndexOf('\n', first.keySpan.start - 1) + 1;
  const indent = file.text.slice(lineStart, first.keySpan.start).replace(/[^\s]/g, ' ');
  const line = file.languageId === 'hcl' ? `${key} = ${value}` : `${key}: ${value}`;
  const after = map.entries.findLast(
    ({ value: node }) => node.kind === 'scalar' && !node.raw.includes('\n') && node.raw !== '',
  );
  if (after) {
    const at = lineEnd(file, after.value.span.end);
    return { edits: [{ span: { uri: file.uri, start: at, end: at }, text: `${lineBreak(file)}${indent}${line}` }] };
  }
  const at = first.keySpan.start;
  return { edits: [{ span: { uri: file.uri, start: at, end: at }, text: `${line}${lineBreak(file)}${indent}` }] };
}

function insertJson(file: SourceFile, map: DataMap, key: string, value: string): WriteResult {
  const last = map.entries.at(-1);
  if (!last) return { refused: 'The object that would hold this is empty.' };
  const lineStart = file.text.lastIndexOf('\n', last.keySpan.start - 1) + 1;
  const before = file.text.slice(lineStart, last.keySpan.start);
  const gap =
    /^\s*$/.test(before) && file.text.slice(map.span.start, lineStart).includes('\n') ? lineBreak(file) + before : ' ';
  const at = last.value.span.end;
  return { edits: [{ span: { uri: file.uri, start: at, end: at }, text: `,${gap}"${key}": ${value}` }] };
}
