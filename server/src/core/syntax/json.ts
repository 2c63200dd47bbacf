import type { Problem } from '../source/problem.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { DataDocument, DataEntry, DataNode, DataScalar } from './data.ts';
import { bareScalar, commonEscape, quotedScalar } from './quoted.ts';

/** Deeper nesting is left out: no format needs it, and hostile text must not exhaust the stack. */
const maximumDepth = 200;

interface Cursor {
  readonly file: SourceFile;
  readonly problems: Problem[];
  at: number;
}

/**
 * The one document of a JSON file. Comments, trailing and missing commas, single quotes and bare keys are taken
 * as written; an unclosed bracket ends where the text ends, so that half-typed files keep their facts.
 */
export function readJson(file: SourceFile): readonly DataDocument[] {
  const cursor: Cursor = { file, problems: [], at: file.text.charCodeAt(0) === 0xfeff ? 1 : 0 };
  skip(cursor);
  const root = cursor.at < file.text.length ? readValue(cursor, 0) : undefined;
  const span = { uri: file.uri, start: 0, end: file.text.length };
  return [root ? { root, span, problems: cursor.problems } : { span, problems: cursor.problems }];
}

function readValue(cursor: Cursor, depth: number): DataNode | undefined {
  const letter = cursor.file.text[cursor.at];
  if (depth > maximumDepth) {
    report(cursor, 'This nesting is deeper than any format needs; it is not read.', cursor.at, cursor.at + 1);
    cursor.at = cursor.file.text.length;
    return undefined;
  }
  if (letter === '{') return readObject(cursor, depth);
  if (letter === '[') return readArray(cursor, depth);
  if (letter === '"' || letter === "'") return readString(cursor, letter);
  return readWord(cursor);
}

function readObject(cursor: Cursor, depth: number): DataNode {
  const { file } = cursor;
  const start = cursor.at;
  const entries: DataEntry[] = [];
  cursor.at += 1;
  while (step(cursor, '}', start)) {
    const key = readKey(cursor);
    if (!key) continue;
    skip(cursor);
    if (file.text[cursor.at] !== ':') {
      report(cursor, 'This key has no value.', key.span.start, key.span.end);
      continue;
    }
    cursor.at += 1;
    skip(cursor);
    const next = file.text[cursor.at];
    const value = next === undefined || next === ',' || next === '}' ? undefined : readValue(cursor, depth + 1);
    if (value) entries.push({ key: String(key.value), keySpan: key.span, value });
    else report(cursor, 'This key has no value.', key.span.start, key.span.end);
  }
  return { kind: 'map', span: { uri: file.uri, start, end: cursor.at }, entries, flow: true };
}

function readArray(cursor: Cursor, depth: number): DataNode {
  const start = cursor.at;
  const items: DataNode[] = [];
  cursor.at += 1;
  while (step(cursor, ']', start)) {
    const before = cursor.at;
    const value = readValue(cursor, depth + 1);
    if (value) items.push(value);
    else if (cursor.at === before) cursor.at += 1;
  }
  return { kind: 'list', span: { uri: cursor.file.uri, start, end: cursor.at }, items, flow: true };
}

/** Moves to the next member; false at the closing bracket (taken) or where the text or the bracket around it ends. */
function step(cursor: Cursor, close: '}' | ']', start: number): boolean {
  const { text } = cursor.file;
  skip(cursor);
  while (text[cursor.at] === ',') {
    cursor.at += 1;
    skip(cursor);
  }
  const letter = text[cursor.at];
  if (letter === close) {
    cursor.at += 1;
    return false;
  }
  if (letter === undefined || letter === '}' || letter === ']') {
    report(cursor, `The bracket opened here is not closed with ${close}.`, start, start + 1);
    return false;
  }
  return true;
}

function readKey(cursor: Cursor): DataScalar | undefined {
  const letter = cursor.file.text[cursor.at];
  if (letter === '"' || letter === "'") return readString(cursor, letter);
  const start = cursor.at;
  const end = endOf(/[A-Za-z0-9_$.-]*/y, cursor);
  if (end === start) {
    report(cursor, 'A key was expected here.', start, start + 1);
    cursor.at += 1;
    return undefined;
  }
  cursor.at = end;
  return bareScalar(cursor.file, start, end, cursor.file.text.slice(start, end));
}

function readString(cursor: Cursor, quote: string): DataScalar {
  const { file } = cursor;
  const start = cursor.at;
  let end = start + 1;
  while (end < file.text.length && file.text[end] !== quote && file.text[end] !== '\n') {
    end += file.text[end] === '\\' ? 2 : 1;
  }
  end = Math.min(end, file.text.length);
  const closed = file.text[end] === quote;
  if (!closed) report(cursor, 'This string is not closed.', start, end);
  cursor.at = closed ? end + 1 : end;
  const inner = { start: start + 1, end };
  return quotedScalar(file, start, cursor.at, quote === '"' ? 'double' : 'single', inner, commonEscape);
}

const words: ReadonlyMap<string, DataScalar['value']> = new Map<string, DataScalar['value']>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function readWord(cursor: Cursor): DataScalar | undefined {
  const start = cursor.at;
  const end = endOf(/[^\s,:{}[\]"'/]*/y, cursor);
  const text = cursor.file.text.slice(start, end);
  cursor.at = Math.max(end, start + 1);
  const known = words.get(text);
  if (known !== undefined) return bareScalar(cursor.file, start, end, known);
  if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text)) return bareScalar(cursor.file, start, end, Number(text));
  report(cursor, 'This is no JSON value.', start, Math.max(end, start + 1));
  return text === '' ? undefined : bareScalar(cursor.file, start, end, text);
}

function endOf(pattern: RegExp, cursor: Cursor): number {
  pattern.lastIndex = cursor.at;
  pattern.test(cursor.file.text);
  return Math.max(cursor.at, pattern.lastIndex);
}

/** Passes over blanks and comments. */
function skip(cursor: Cursor): void {
  const { text } = cursor.file;
  for (;;) {
    cursor.at = endOf(/\s*/y, cursor);
    if (text.startsWith('//', cursor.at)) {
      const end = text.indexOf('\n', cursor.at);
      cursor.at = end < 0 ? text.length : end;
    } else if (text.startsWith('/*', cursor.at)) {
      const end = text.indexOf('*/', cursor.at + 2);
      cursor.at = end < 0 ? text.length : end + 2;
    } else return;
  }
}

/** More than this many problems of one file tell nobody anything new. */
const maximumProblems = 50;

function report(cursor: Cursor, message: string, start: number, end: number): void {
  if (cursor.problems.length >= maximumProblems) return;
  cursor.problems.push({ code: 'json-syntax', message, span: { uri: cursor.file.uri, start, end } });
}
