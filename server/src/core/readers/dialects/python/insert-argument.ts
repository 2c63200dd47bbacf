import { lineBreak } from '../../../source/lines.ts';
import type { SourceFile } from '../../../source/source-file.ts';
import type { Span, TextEdit } from '../../../source/span.ts';
import type { WriteResult } from '../../reader.ts';

/** Adds arguments to a call, or entries to a dictionary, before what closes it and in the layout of those that are there. */
export function insertArguments(file: SourceFile, list: Span, added: readonly string[]): WriteResult {
  const source = file.text.slice(list.start, list.end);
  if (!/^(?:\(.*\)|\{.*\})$/s.test(source)) return { refused: 'The call is not complete.' };
  const inner = source.slice(1, -1);
  const edit = (offset: number, text: string) => ({
    edits: [{ span: { uri: file.uri, start: list.start + offset, end: list.start + offset }, text }],
  });
  const body = inner.replace(/\s+$/, '');
  if (body.trim() === '') return edit(1, added.join(', '));
  const lastLine = body.slice(body.lastIndexOf('\n') + 1);
  const indent = /^[ \t]*/.exec(lastLine)?.[0] ?? '';
  const multiline = body.includes('\n') && /^\s*\n/.test(inner) && inner.length > body.length;
  if (/#/.test(lastLine.replace(/(['"])(?:(?!\1).)*\1/g, ''))) return afterComment(file, list, body, indent, added);
  const comma = body.endsWith(',');
  const text = multiline
    ? added.map((one) => `${comma ? '' : ','}${lineBreak(file)}${indent}${one}${comma ? ',' : ''}`).join('')
    : `${comma ? ' ' : ', '}${added.join(', ')}`;
  return edit(1 + body.length, text);
}

/** The last argument has a comment behind it: the comma goes before the comment, the new arguments on lines of their own. */
function afterComment(
  file: SourceFile,
  list: Span,
  body: string,
  indent: string,
  added: readonly string[],
): WriteResult {
  const lineStart = body.lastIndexOf('\n') + 1;
  const line = body.slice(lineStart);
  const mark = /^(?:[^'"#]|(['"])(?:(?!\1).)*\1)*/.exec(line)?.[0].length ?? 0;
  const code = line.slice(0, mark).replace(/\s+$/, '');
  const start = list.start + 1;
  const end = start + body.length;
  const edits: TextEdit[] = [];
  if (code !== '' && !/[,({]$/.test(code)) {
    const offset = start + lineStart + code.length;
    edits.push({ span: { uri: file.uri, start: offset, end: offset }, text: ',' });
  }
  const text = added.map((one) => `${lineBreak(file)}${indent}${one},`).join('');
  edits.push({ span: { uri: file.uri, start: end, end }, text });
  return { edits };
}
