import type { Problem } from '../source/problem.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import type { DataDocument, DataEntry, DataMap, DataNode } from './data.ts';
import { bareScalar, commonEscape, quotedScalar } from './quoted.ts';
import type { Syntax } from './syntax.ts';
import { childIn, type SyntaxNode } from './tree.ts';

/**
 * The one document of an HCL or tfvars file. A block is an entry under its type, its labels are maps inside:
 * `resource "a" "b" { n = 1 }` is `resource: { a: { b: { n: 1 } } }`; several blocks of one type are several entries.
 * What is no literal (a reference, a call, a template with a hole) is a scalar of style `expression` with its source.
 */
export function readHcl(file: SourceFile, syntax: Pick<Syntax, 'parse'>): readonly DataDocument[] {
  const tree = syntax.parse('hcl', file.text);
  const span = { uri: file.uri, start: 0, end: file.text.length };
  const problems: Problem[] = [];
  const bodies = tree.children.filter((child) => child.type === 'body');
  for (const child of tree.children) if (child.type === 'ERROR') problems.push(broken(file, child));
  // A text whose brackets do not match has no body of its own: its blocks then lie under the error.
  const holders = bodies.length > 0 ? bodies : [tree, ...tree.children.filter((child) => child.type === 'ERROR')];
  const entries = holders.flatMap((holder) => bodyEntries(file, holder, problems));
  return entries.length > 0
    ? [{ root: { kind: 'map', span, entries, flow: false }, span, problems }]
    : [{ span, problems }];
}

function bodyEntries(file: SourceFile, body: SyntaxNode, problems: Problem[]): readonly DataEntry[] {
  const entries: DataEntry[] = [];
  for (const child of body.children) {
    if (child.type === 'attribute') {
      const entry = readAttribute(file, child, problems);
      if (entry) entries.push(entry);
    } else if (child.type === 'block') {
      const entry = readBlock(file, child, problems);
      if (entry) entries.push(entry);
    } else if (child.type === 'ERROR' && body.type === 'body') problems.push(broken(file, child));
  }
  return entries;
}

function readAttribute(file: SourceFile, node: SyntaxNode, problems: Problem[]): DataEntry | undefined {
  const name = node.children.find((child) => child.type === 'identifier');
  const value = node.children.findLast((child) => child.type === 'expression');
  if (!name || !value || node.children.some((child) => child.type === 'ERROR')) {
    problems.push(broken(file, node));
    return undefined;
  }
  const key = file.text.slice(name.start, name.end);
  return { key, keySpan: spanOf(file, name), value: readExpression(file, value, problems) };
}

function readBlock(file: SourceFile, node: SyntaxNode, problems: Problem[]): DataEntry | undefined {
  const heads: { key: string; keySpan: Span }[] = [];
  for (const child of node.children) {
    if (child.type === 'block_start') break;
    const key = file.text.slice(child.start, child.end);
    if (child.type === 'identifier') heads.push({ key, keySpan: spanOf(file, child) });
    if (child.type === 'string_lit') heads.push({ key: key.slice(1, -1), keySpan: spanOf(file, child) });
  }
  const [type, ...labels] = heads;
  if (!type) return undefined;
  const body = node.children.find((child) => child.type === 'body');
  const span = spanOf(file, node);
  const entries = body ? bodyEntries(file, body, problems) : [];
  let value: DataMap = { kind: 'map', span, entries, flow: false };
  for (const label of labels.reverse()) value = { kind: 'map', span, entries: [{ ...label, value }], flow: false };
  return { ...type, value };
}

function readExpression(file: SourceFile, node: SyntaxNode, problems: Problem[]): DataNode {
  const inner = node.children.length === 1 ? node.children[0] : undefined;
  const { start, end } = node;
  switch (node.type) {
    case 'expression':
    case 'literal_value':
    case 'collection_value':
    case 'template_expr':
      if (inner) return readExpression(file, inner, problems);
      break;
    case 'numeric_lit':
      return bareScalar(file, start, end, Number(file.text.slice(start, end)));
    case 'bool_lit':
      return bareScalar(file, start, end, file.text.slice(start, end) === 'true');
    case 'null_lit':
      return bareScalar(file, start, end, null);
    case 'operation': {
      const number = Number(file.text.slice(start, end));
      if (Number.isFinite(number)) return bareScalar(file, start, end, number);
      break;
    }
    case 'string_lit':
    case 'quoted_template':
      if (node.children.some((child) => child.type.startsWith('template_') && child.type !== 'template_literal')) break;
      return quotedScalar(file, start, end, 'double', { start: start + 1, end: end - 1 }, commonEscape);
    case 'heredoc_template': {
      const literals = node.children.filter((child) => child.type === 'template_literal');
      const [only] = literals;
      const holes = node.children.some((child) => child.type === 'template_interpolation');
      if (!only || holes || literals.length > 1) break;
      return quotedScalar(file, start, end, 'literal', { start: only.start, end: only.end });
    }
    case 'tuple': {
      const items = node.children.filter((child) => child.type === 'expression');
      const read = items.map((item) => readExpression(file, item, problems));
      return { kind: 'list', span: spanOf(file, node), items: read, flow: true };
    }
    case 'object':
      return { kind: 'map', span: spanOf(file, node), entries: objectEntries(file, node, problems), flow: true };
    case 'ERROR':
      problems.push(broken(file, node));
      break;
  }
  return bareScalar(file, start, end, file.text.slice(start, end), 'expression');
}

function objectEntries(file: SourceFile, node: SyntaxNode, problems: Problem[]): readonly DataEntry[] {
  const entries: DataEntry[] = [];
  for (const element of node.children) {
    if (element.type !== 'object_elem') continue;
    const name = childIn(element, 'key');
    const value = childIn(element, 'val');
    if (!name || !value) continue;
    const raw = file.text.slice(name.start, name.end);
    const key = raw.startsWith('"') ? raw.slice(1, -1) : raw;
    entries.push({ key, keySpan: spanOf(file, name), value: readExpression(file, value, problems) });
  }
  return entries;
}

function spanOf(file: SourceFile, node: SyntaxNode): Span {
  return { uri: file.uri, start: node.start, end: node.end };
}

function broken(file: SourceFile, node: SyntaxNode): Problem {
  return { code: 'hcl-syntax', message: 'This part is not valid HCL and is not read.', span: spanOf(file, node) };
}
