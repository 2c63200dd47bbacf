import type { Problem } from '../source/problem.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { DataDocument, DataEntry, DataNode, DataScalar } from './data.ts';
import { bareScalar, commonEscape, type Escape, quotedScalar } from './quoted.ts';

/** Deeper nesting is left out: no format needs it, and hostile text must not exhaust the stack. */
const maximumDepth = 200;

type TokenKind = 'name' | 'number' | 'string' | 'mark';

interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

interface Cursor {
  readonly file: SourceFile;
  readonly tokens: readonly Token[];
  readonly problems: Problem[];
  at: number;
}

/**
 * The one document of a protobuf text file. A repeated field is a repeated entry, or one entry with a list where
 * the text has brackets. Enum values and `${holes}` are text. An unclosed brace ends where the text ends.
 */
export function readPbtxt(file: SourceFile): readonly DataDocument[] {
  const cursor: Cursor = { file, tokens: tokensOf(file), problems: [], at: 0 };
  const span = { uri: file.uri, start: 0, end: file.text.length };
  const entries: DataEntry[] = [];
  while (cursor.at < cursor.tokens.length) {
    entries.push(...readFields(cursor, 0));
    const stray = cursor.tokens[cursor.at];
    if (stray) report(cursor, 'This bracket closes nothing.', stray);
    cursor.at += 1;
  }
  if (entries.length === 0) return [{ span, problems: cursor.problems }];
  return [{ root: { kind: 'map', span, entries, flow: false }, span, problems: cursor.problems }];
}

const pattern =
  /(\$\{[^{}\n]*\}|[A-Za-z_][\w./-]*)|([-+]?(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)[fFuUlL]?)|("(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?)|(#[^\n]*|\s+)|([\s\S])/g;

function tokensOf(file: SourceFile): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of file.text.matchAll(pattern)) {
    if (match[4] !== undefined) continue;
    const kind: TokenKind = match[1] ? 'name' : match[2] ? 'number' : match[3] ? 'string' : 'mark';
    tokens.push({ kind, text: match[0], start: match.index, end: match.index + match[0].length });
  }
  return tokens;
}

/** Fields up to a closing mark (left for the caller) or the end. */
function readFields(cursor: Cursor, depth: number): readonly DataEntry[] {
  const entries: DataEntry[] = [];
  for (;;) {
    const token = cursor.tokens[cursor.at];
    if (!token || isMark(token, '}', '>', ']')) return entries;
    cursor.at += 1;
    if (isMark(token, ',', ';')) continue;
    if (token.kind !== 'name') {
      report(cursor, 'A field name was expected here.', token);
      continue;
    }
    const colon = cursor.tokens[cursor.at];
    const hasColon = colon !== undefined && isMark(colon, ':');
    if (hasColon) cursor.at += 1;
    const opening = cursor.tokens[cursor.at];
    const value = hasColon || (opening && isMark(opening, '{', '<', '[')) ? readValue(cursor, depth) : undefined;
    const keySpan = { uri: cursor.file.uri, start: token.start, end: token.end };
    if (value) entries.push({ key: token.text, keySpan, value });
    else report(cursor, 'This field has no value.', token);
  }
}

function readValue(cursor: Cursor, depth: number): DataNode | undefined {
  const { file } = cursor;
  const token = cursor.tokens[cursor.at];
  if (!token || isMark(token, '}', '>', ']', ',', ';')) return undefined;
  if (depth > maximumDepth) {
    report(cursor, 'This nesting is deeper than any format needs; it is not read.', token);
    cursor.at = cursor.tokens.length;
    return undefined;
  }
  cursor.at += 1;
  if (isMark(token, '{', '<')) {
    const entries = readFields(cursor, depth + 1);
    const end = close(cursor, token, token.text === '{' ? '}' : '>');
    return { kind: 'map', span: { uri: file.uri, start: token.start, end }, entries, flow: true };
  }
  if (isMark(token, '[')) {
    const items: DataNode[] = [];
    for (let next = cursor.tokens[cursor.at]; next && !isMark(next, ']', '}', '>'); next = cursor.tokens[cursor.at]) {
      const item = isMark(next, ',') ? undefined : readValue(cursor, depth + 1);
      if (item) items.push(item);
      else cursor.at += 1;
    }
    const end = close(cursor, token, ']');
    return { kind: 'list', span: { uri: file.uri, start: token.start, end }, items, flow: true };
  }
  return scalarOf(cursor, token);
}

function scalarOf(cursor: Cursor, token: Token): DataScalar | undefined {
  const { file } = cursor;
  if (token.kind === 'number') {
    return bareScalar(file, token.start, token.end, Number(token.text.replace(/(?<!^[-+]?0[xX].*)[fFuUlL]$/, '')));
  }
  if (token.kind === 'string') {
    const quote = token.text[0] ?? '"';
    const closed = token.text.length > 1 && token.text.endsWith(quote);
    if (!closed) report(cursor, 'This string is not closed.', token);
    const inner = { start: token.start + 1, end: closed ? token.end - 1 : token.end };
    return quotedScalar(file, token.start, token.end, quote === '"' ? 'double' : 'single', inner, pbtxtEscape);
  }
  if (token.kind === 'name') {
    const value = token.text === 'true' ? true : token.text === 'false' ? false : token.text;
    return bareScalar(file, token.start, token.end, value);
  }
  report(cursor, 'This is no value.', token);
  return undefined;
}

/** Protobuf text has octal escapes besides the common ones. */
function pbtxtEscape(text: string, at: number): Escape | undefined {
  const octal = /^\\([0-7]{1,3})/.exec(text.slice(at, at + 4));
  if (!octal?.[1]) return commonEscape(text, at);
  return { text: String.fromCharCode(Number.parseInt(octal[1], 8)), length: octal[0].length };
}

function close(cursor: Cursor, opening: Token, mark: string): number {
  const token = cursor.tokens[cursor.at];
  if (token && isMark(token, mark)) {
    cursor.at += 1;
    return token.end;
  }
  report(cursor, `The bracket opened here is not closed with ${mark}.`, opening);
  return cursor.tokens[cursor.at - 1]?.end ?? opening.end;
}

function isMark(token: Token, ...marks: readonly string[]): boolean {
  return token.kind === 'mark' && marks.includes(token.text);
}

/** More than this many problems of one file tell nobody anything new. */
const maximumProblems = 50;

function report(cursor: Cursor, message: string, token: Token): void {
  if (cursor.problems.length >= maximumProblems) return;
  const span = { uri: cursor.file.uri, start: token.start, end: token.end };
  cursor.problems.push({ code: 'pbtxt-syntax', message, span });
}
