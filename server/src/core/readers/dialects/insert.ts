import type { FactName, FactValue } from '../../facts/vocabulary.ts';
import { lineBreak, lineEnd } from '../../source/lines.ts';
import type { SourceFile } from '../../source/source-file.ts';
import { type DataMap, type DataNode, entryOf } from '../../syntax/data.ts';
import { isRefusal, type WriteResult } from '../reader.ts';
import { quoteLike } from './quote.ts';
import { has, rewrite, type Sheet } from './sheet.ts';

/** How a new value is written: as its language would have it, or as text in quotes whatever it looks like. */
export type ValueStyle = 'plain' | 'double';

/** Lets a fact that the file is silent about be set: as a new key of a map, or under a path of keys that are made. */
export function allow(
  sheet: Sheet,
  name: FactName,
  map: DataNode | undefined,
  path: string | readonly string[],
  spell: (value: FactValue) => string | undefined,
  style: ValueStyle = 'plain',
): void {
  if (has(sheet, name) || sheet.writers.has(name) || map?.kind !== 'map') return;
  sheet.writers.set(name, (value) => {
    const text = spell(value);
    if (text === undefined) return { refused: `This format has no word for ${String(value)}.` };
    return setEntry(sheet.file, map, [path].flat(), text, style);
  });
}

/** Sets the value under a path of keys: the one that stands there, else a new key with what it needs above it. */
export function setEntry(
  file: SourceFile,
  map: DataMap,
  path: readonly string[],
  text: string,
  style: ValueStyle = 'plain',
): WriteResult {
  const [key = '', ...rest] = path;
  const there = entryOf(map, key);
  if (!there) return insertEntry(file, map, path, text, style);
  if (there.shared) return { refused: `\`${key}\` comes from an anchor that other places share.` };
  if (rest.length > 0 && there.value.kind === 'map') return setEntry(file, there.value, rest, text, style);
  if (there.value.kind === 'scalar' && rest.length === 0) return rewrite(file, there.value, text);
  return { refused: `\`${key}\` holds something else here.` };
}

/** The results of several writes as one; the first refusal refuses all. */
export function together(...results: readonly WriteResult[]): WriteResult {
  const refusal = results.find(isRefusal);
  return refusal ?? { edits: results.flatMap((result) => (isRefusal(result) ? [] : result.edits)) };
}

/** Adds a key to a map, after its last plain line and in the manner of its neighbours; keys below it become blocks. */
function insertEntry(
  file: SourceFile,
  map: DataMap,
  path: readonly string[],
  text: string,
  style: ValueStyle,
): WriteResult {
  const own = map.entries.filter((entry) => !entry.shared);
  const [first] = own;
  if (!first) return { refused: 'The block that would hold this is empty or shared with another place.' };
  const value = quoteLike(file.languageId, { style, raw: '', value: text }, text);
  if (file.languageId === 'json' || map.flow) return insertFlow(file, { ...map, entries: own }, path, value);
  const lineStart = file.text.lastIndexOf('\n', first.keySpan.start - 1) + 1;
  const indent = file.text.slice(lineStart, first.keySpan.start).replace(/[^\s]/g, ' ');
  if (file.languageId === 'hcl' && path.length > 1) return { refused: 'The block that would hold this is missing.' };
  const mark = file.languageId === 'hcl' ? ' = ' : ': ';
  const keys = path.map((one) => quoteLike(file.languageId === 'hcl' ? 'hcl' : 'yaml', plain, one));
  const lines =
    file.languageId === 'hcl'
      ? [`${path[0] ?? ''}${mark}${value}`]
      : keys.map((key, at) => `${'  '.repeat(at)}${key}:${at === keys.length - 1 ? ` ${value}` : ''}`);
  const after = own.findLast(
    ({ value: node }) => node.kind === 'scalar' && !node.raw.includes('\n') && node.raw !== '',
  );
  const edit = (at: number, added: string) => ({
    edits: [{ span: { uri: file.uri, start: at, end: at }, text: added }],
  });
  if (after) {
    return edit(lineEnd(file, after.value.span.end), lines.map((line) => lineBreak(file) + indent + line).join(''));
  }
  return edit(first.keySpan.start, lines.map((line) => line + lineBreak(file) + indent).join(''));
}

const plain = { style: 'plain', raw: '', value: '' } as const;

/** Behind the last entry in braces, on a line of its own where the entries have theirs. */
function insertFlow(file: SourceFile, map: DataMap, path: readonly string[], value: string): WriteResult {
  const last = map.entries.at(-1);
  if (!last) return { refused: 'The object that would hold this is empty.' };
  const json = file.languageId === 'json' || file.text[last.keySpan.start] === '"';
  const spelled = json && file.languageId === 'yaml' && !/^["'\d]|^(?:true|false)$/.test(value) ? `"${value}"` : value;
  const key = (name: string) => (json ? `"${name}"` : quoteLike('yaml', plain, name));
  const entry = path.reduceRight((inner, name, at) => {
    const pair = `${key(name)}: ${inner}`;
    return at === 0 ? pair : `{${pair}}`;
  }, spelled);
  const lineStart = file.text.lastIndexOf('\n', last.keySpan.start - 1) + 1;
  const before = file.text.slice(lineStart, last.keySpan.start);
  const gap =
    /^\s*$/.test(before) && file.text.slice(map.span.start, lineStart).includes('\n') ? lineBreak(file) + before : ' ';
  const at = last.value.span.end;
  return { edits: [{ span: { uri: file.uri, start: at, end: at }, text: `,${gap}${entry}` }] };
}
