import type { ShellCommand } from '../../evaluate/shell.ts';
import { readCommands } from '../../evaluate/shell.ts';
import type { TextMap } from '../../source/text-map.ts';
import type { DataNode, DataScalar } from '../../syntax/data.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import type { Environment } from './embedded-command.ts';
import { textIn } from './slice.ts';

/** A script put together from places of a document. */
export interface Script {
  readonly text: string;
  readonly map: TextMap;
}

/** The script of one scalar or of a list of them, one command behind the other. */
export function scriptOf(node: DataNode | undefined): Script | undefined {
  const parts = node?.kind === 'list' ? node.items : node ? [node] : [];
  const scalars = parts.filter((part) => part.kind === 'scalar' && part.value !== null);
  const pieces: { inner: number; outer: number; length: number }[] = [];
  let text = '';
  for (const scalar of scalars as readonly DataScalar[]) {
    for (const piece of scalar.map.pieces) pieces.push({ ...piece, inner: piece.inner + text.length });
    text += `${textIn(scalar)}\n`;
  }
  return text === '' || !node ? undefined : { text, map: { uri: node.span.uri, pieces } };
}

/** The script with each template expression replaced by what stands elsewhere in the document. */
export function fillScript(script: Script, pattern: RegExp, resolve: (name: string) => DataScalar | undefined): Script {
  const pieces: { inner: number; outer: number; length: number }[] = [];
  let text = '';
  let from = 0;
  const copy = (to: number): void => {
    for (const piece of script.map.pieces) {
      const start = Math.max(from, piece.inner);
      const end = Math.min(to, piece.inner + piece.length);
      if (start < end) {
        pieces.push({
          inner: text.length + start - from,
          outer: piece.outer + start - piece.inner,
          length: end - start,
        });
      }
    }
    text += script.text.slice(from, to);
  };
  for (const match of script.text.matchAll(pattern)) {
    const name = match[1] ?? '';
    const found = resolve(name);
    copy(match.index);
    from = match.index + match[0].length;
    if (found) {
      const filled = textIn(found);
      const outer = found.map.pieces[0]?.outer ?? found.span.start;
      pieces.push({ inner: text.length, outer, length: filled.length });
      text += /^[\w./:@=,+-]*$/.test(filled) ? filled : JSON.stringify(filled);
    } else text += `"$\{${name.replace(/\W/g, '_')}}"`;
  }
  copy(script.text.length);
  return { text, map: { uri: script.map.uri, pieces } };
}

/** The commands of a script in its document. */
export function commandsOf(
  syntax: Syntax,
  script: Script | undefined,
  environment: Environment = new Map(),
): readonly ShellCommand[] {
  if (!script) return [];
  const parse = (text: string) => syntax.parse('bash', text);
  return readCommands(parse(script.text), script.text, script.map, { environment, parse });
}
