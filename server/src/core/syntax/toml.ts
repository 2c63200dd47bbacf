import type { Problem } from '../source/problem.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import type { DataDocument, DataEntry, DataNode, DataScalar } from './data.ts';
import { bareScalar, commonEscape, type Escape, quotedScalar } from './quoted.ts';
import type { Syntax } from './syntax.ts';
import type { SyntaxNode } from './tree.ts';

/** A map under construction: TOML adds to a table from several places of the text. */
interface Draft {
  kind: 'map';
  span: Span;
  entries: { key: string; keySpan: Span; value: Building }[];
  flow: boolean;
}
interface DraftList {
  kind: 'list';
  span: Span;
  items: Building[];
  flow: boolean;
}
type Building = Draft | DraftList | DataNode;

/** The one document of a TOML file; tables and dotted keys become nested maps, a broken line is left out. */
export function readToml(file: SourceFile, syntax: Pick<Syntax, 'parse'>): readonly DataDocument[] {
  const tree = syntax.parse('toml', file.text);
  const span = { uri: file.uri, start: 0, end: file.text.length };
  const problems: Problem[] = [];
  const root: Draft = { kind: 'map', span, entries: [], flow: false };
  for (const node of tree.children) {
    if (node.type === 'pair') readPair(file, node, root, problems);
    else if (node.type === 'table' || node.type === 'table_array_element') readTable(file, node, root, problems);
    else if (node.type === 'ERROR') problems.push(broken(file, node));
  }
  return root.entries.length > 0 ? [{ root: root as DataNode, span, problems }] : [{ span, problems }];
}

function readTable(file: SourceFile, node: SyntaxNode, root: Draft, problems: Problem[]): void {
  for (const child of node.children) if (child.type === 'ERROR') problems.push(broken(file, child));
  const keys = keysOf(file, node);
  const last = keys.pop();
  if (!last) return;
  const span = spanOf(file, node);
  const parent = descend(root, keys, span);
  let table: Draft | undefined;
  if (node.type === 'table_array_element') {
    const found = parent.entries.find((entry) => entry.key === last.key)?.value;
    const list: Building = found?.kind === 'list' ? found : { kind: 'list', span, items: [], flow: false };
    if (list !== found) parent.entries.push({ key: last.key, keySpan: last.keySpan, value: list });
    table = { kind: 'map', span, entries: [], flow: false };
    (list as DraftList).items.push(table);
    (list as DraftList).span = { ...list.span, end: span.end };
  } else table = descend(parent, [last], span);
  for (const child of node.children) if (child.type === 'pair') readPair(file, child, table, problems);
}

function readPair(file: SourceFile, node: SyntaxNode, into: Draft, problems: Problem[]): void {
  const keys = keysOf(file, node);
  const last = keys.pop();
  const value = node.children.findLast((child) => !/key$|^comment$|^ERROR$/.test(child.type));
  if (!last || !value) {
    problems.push(broken(file, node));
    return;
  }
  const read = readValue(file, value, problems);
  if (!read) return;
  descend(into, keys, spanOf(file, node)).entries.push({ key: last.key, keySpan: last.keySpan, value: read });
}

/** The table under a path of keys, made where it is missing; the last element of an array of tables. */
function descend(from: Draft, keys: readonly { key: string; keySpan: Span }[], span: Span): Draft {
  let here = from;
  for (const { key, keySpan } of keys) {
    const found = here.entries.findLast((entry) => entry.key === key)?.value;
    const inner = found?.kind === 'list' ? found.items.at(-1) : found;
    if (inner?.kind === 'map') here = inner as Draft;
    else {
      const made: Draft = { kind: 'map', span, entries: [], flow: false };
      here.entries.push({ key, keySpan, value: made });
      here = made;
    }
  }
  return here;
}

function keysOf(file: SourceFile, node: SyntaxNode): { key: string; keySpan: Span }[] {
  const first = node.children.find((child) => /key$/.test(child.type));
  if (!first) return [];
  const parts: SyntaxNode[] = [];
  const collect = (key: SyntaxNode): void => {
    if (key.type === 'dotted_key') key.children.forEach(collect);
    else parts.push(key);
  };
  collect(first);
  return parts.map((part) => {
    const raw = file.text.slice(part.start, part.end);
    const quoted = part.type === 'quoted_key';
    return { key: quoted ? raw.slice(1, -1) : raw, keySpan: spanOf(file, part) };
  });
}

function readValue(file: SourceFile, node: SyntaxNode, problems: Problem[]): DataNode | undefined {
  const { start, end } = node;
  const raw = file.text.slice(start, end);
  switch (node.type) {
    case 'string':
      return readString(file, start, end, raw);
    case 'integer':
    case 'float':
      return bareScalar(file, start, end, numberOf(raw));
    case 'boolean':
      return bareScalar(file, start, end, raw === 'true');
    case 'array': {
      const items: DataNode[] = [];
      for (const child of node.children) {
        const item = child.type === 'comment' ? undefined : readValue(file, child, problems);
        if (item) items.push(item);
      }
      return { kind: 'list', span: spanOf(file, node), items, flow: true };
    }
    case 'inline_table': {
      const table: Draft = { kind: 'map', span: spanOf(file, node), entries: [], flow: true };
      for (const child of node.children) if (child.type === 'pair') readPair(file, child, table, problems);
      return { ...table, entries: table.entries as DataEntry[] };
    }
    case 'ERROR':
      problems.push(broken(file, node));
      return undefined;
    default:
      return bareScalar(file, start, end, raw);
  }
}

function readString(file: SourceFile, start: number, end: number, raw: string): DataScalar {
  const long = raw.startsWith('"""') || raw.startsWith("'''");
  const basic = raw.startsWith('"');
  const width = long ? 3 : 1;
  const skipped = long ? (/^\r?\n/.exec(raw.slice(3))?.[0].length ?? 0) : 0;
  const inner = { start: start + width + skipped, end: Math.max(start + width + skipped, end - width) };
  const style = long ? 'literal' : basic ? 'double' : 'single';
  return quotedScalar(file, start, end, style, inner, basic ? tomlEscape : undefined);
}

/** A backslash at a line's end takes the blanks after it away; the rest is common. */
function tomlEscape(text: string, at: number): Escape | undefined {
  const fold = /^\\[ \t]*\r?\n\s*/.exec(text.slice(at, at + 2000));
  return fold ? { text: '', length: fold[0].length } : commonEscape(text, at);
}

function numberOf(raw: string): number {
  const plain = raw.replaceAll('_', '');
  if (/^[-+]?(inf|nan)$/.test(plain)) {
    return plain.endsWith('nan') ? Number.NaN : plain.startsWith('-') ? -Infinity : Infinity;
  }
  return Number(plain.replace(/^\+/, ''));
}

function spanOf(file: SourceFile, node: SyntaxNode): Span {
  return { uri: file.uri, start: node.start, end: node.end };
}

function broken(file: SourceFile, node: SyntaxNode): Problem {
  return { code: 'toml-syntax', message: 'This line is not valid TOML and is not read.', span: spanOf(file, node) };
}
