import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Problem } from '../source/problem.ts';
import { maximumTextLength, type SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import type { DataDocument, DataEntry, DataNode, DataScalar } from './data.ts';
import { bracketDepth, maskLine, maskTemplates, nestsIndicators, unmaskTemplates } from './yaml-repair.ts';
import { plainValue, scalarMap } from './yaml-scalar.ts';

/** Deeper values are left out with a problem: no config nests so, and hostile text must not exhaust the stack. */
const maximumDepth = 100;
/** Nodes that aliases and merge keys may add to one file; more is an alias bomb. */
const maximumCopies = 20_000;
/** Lines that may be left out of a broken file before the rest is taken as the parser gives it. */
const maximumRepairs = 5;

interface Reading {
  readonly uri: string;
  readonly text: string;
  readonly problems: Problem[];
  readonly anchors: Map<string, Node>;
  readonly open: Set<Node>;
  copies: number;
}

/**
 * Documents of a YAML text. Broken lines are left out and named in `problems`, the rest is read; aliases and merge
 * keys are followed and their entries marked `shared`; a repeated key is kept, the last one counts.
 */
export function readYaml(file: SourceFile): readonly DataDocument[] {
  const { text, uri } = file;
  const whole = { uri, start: 0, end: text.length };
  if (text.length > maximumTextLength || bracketDepth(text) > 400 || nestsIndicators(text)) {
    const message = 'This file is too large or too deeply nested to be read.';
    return [{ span: whole, problems: [{ code: 'yaml-too-large', message, span: whole }] }];
  }
  const { documents, problems } = parse(uri, text);
  const copies = { count: 0 };
  const read = documents.map((document, index) => {
    const reading: Reading = { uri, text, problems: [], anchors: new Map(), open: new Set(), copies: copies.count };
    const root = document.contents ? toData(reading, document.contents, 0, false) : undefined;
    copies.count = reading.copies;
    const [start, , end] = document.range ?? [0, text.length, text.length];
    const span = { uri, start, end };
    const own = index === 0 ? [...problems, ...reading.problems] : reading.problems;
    return root && !isEmpty(root) ? { root, span, problems: own } : { span, problems: own };
  });
  return read.length > 0 ? read : [{ span: whole, problems }];
}

function isEmpty(node: DataNode): boolean {
  return node.kind === 'scalar' && node.value === null && node.raw === '';
}

/** Parses; where a line breaks the structure, parses again without it. */
function parse(uri: string, text: string): { documents: readonly Document[]; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  let source = maskTemplates(text);
  for (let repairs = 0; ; repairs++) {
    const documents = parseOnce(source);
    const error = documents.flatMap((document) => document.errors).find((one) => breaking.has(one.code));
    if (!error || repairs === maximumRepairs) return { documents, problems };
    const [start, end] = error.pos;
    problems.push({
      code: 'yaml-syntax',
      message: `This line is not valid YAML and is left out: ${error.message}.`,
      span: { uri, start, end: Math.max(start, Math.min(end, text.length)) },
    });
    const masked = maskLine(source, quoteStart(documents, start));
    if (masked === undefined) return { documents, problems };
    source = masked;
  }
}

/** Errors after which keys land in the wrong map; the others leave the structure whole. */
const breaking = new Set<string>([
  'MULTILINE_IMPLICIT_KEY',
  'BLOCK_AS_IMPLICIT_KEY',
  'MISSING_CHAR',
  'UNEXPECTED_TOKEN',
  'BAD_SCALAR_START',
  'IMPOSSIBLE',
]);

/** Where the quoted scalar around an error begins: an unclosed quote is reported where the text ends. */
function quoteStart(documents: readonly Document[], offset: number): number {
  let found = offset;
  for (const document of documents) {
    visit(document, {
      Scalar(_, node) {
        const [start, end] = node.range ?? [0, 0];
        if (node.type?.startsWith('QUOTE') && start < offset && offset <= end + 1) found = start;
      },
    });
  }
  return found;
}

function parseOnce(text: string): readonly Document[] {
  const parsed = parseAllDocuments(text, {
    strict: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    schema: 'failsafe',
  });
  return Array.isArray(parsed) ? parsed : [];
}

function toData(reading: Reading, node: unknown, depth: number, shared: boolean): DataNode | undefined {
  if (isAlias(node)) return followAlias(reading, node, depth);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
  if (node.anchor && !shared) reading.anchors.set(node.anchor, node);
  if (shared && ++reading.copies > maximumCopies) {
    if (reading.copies === maximumCopies + 1) {
      report(reading, node, 'yaml-alias-bomb', 'Aliases repeat too much of this file; the repeats are left out.');
    }
    return undefined;
  }
  if (depth > maximumDepth) {
    report(reading, node, 'yaml-too-deep', 'This value is nested too deeply and is left out.');
    return undefined;
  }
  if (isScalar(node)) return toScalar(reading, node);
  const span = spanOf(reading, node);
  const flow = node.flow === true;
  if (isMap(node))
    return { kind: 'map', span, flow, entries: toEntries(reading, node, depth, shared), ...ownTag(node) };
  const items: DataNode[] = [];
  for (const item of node.items) {
    const value = toData(reading, item, depth + 1, shared);
    if (value) items.push(value);
  }
  return { kind: 'list', span, flow, items };
}

function toEntries(reading: Reading, map: YAMLMap, depth: number, shared: boolean): readonly DataEntry[] {
  const own: DataEntry[] = [];
  const merged: DataEntry[] = [];
  for (const pair of map.items) {
    const keyNode = isAlias(pair.key) ? reading.anchors.get(pair.key.source) : pair.key;
    if (!isScalar(keyNode)) continue;
    const key = unmaskTemplates(String(keyNode.value ?? ''));
    if (key === '<<' && keyNode.type === Scalar.PLAIN) {
      merged.unshift(...mergedEntries(toData(reading, pair.value, depth + 1, true)));
      continue;
    }
    const keySpan = spanOf(reading, keyNode);
    const value =
      pair.value === null || pair.value === undefined
        ? emptyScalar(reading, keySpan.end)
        : toData(reading, pair.value, depth + 1, shared);
    if (!value) continue;
    own.push(shared || isAlias(pair.value) ? { key, keySpan, value, shared: true } : { key, keySpan, value });
  }
  return merged.length > 0 ? [...merged, ...own] : own;
}

/** Entries that a merge key brings; of a list of maps the first wins, so it comes last. */
function mergedEntries(value: DataNode | undefined): readonly DataEntry[] {
  const maps = value?.kind === 'list' ? value.items.toReversed() : value ? [value] : [];
  return maps.flatMap((map) => (map.kind === 'map' ? map.entries.map((entry) => ({ ...entry, shared: true })) : []));
}

function followAlias(reading: Reading, alias: Node & { source: string }, depth: number): DataNode | undefined {
  const target = reading.anchors.get(alias.source);
  if (!target || reading.open.has(target)) {
    report(reading, alias, 'yaml-alias', `The alias *${alias.source} names no anchor before it and is left out.`);
    return undefined;
  }
  reading.open.add(target);
  const value = toData(reading, target, depth + 1, true);
  reading.open.delete(target);
  return value;
}

function toScalar(reading: Reading, node: Scalar): DataScalar {
  const span = spanOf(reading, node);
  const raw = reading.text.slice(span.start, span.end);
  const style = styles[node.type ?? 'PLAIN'] ?? 'plain';
  const decoded = unmaskTemplates(String(node.value ?? ''));
  const oneLine =
    style === 'plain' ? raw === decoded : raw.length === decoded.length + 2 && raw.slice(1, -1) === decoded;
  const first = style === 'plain' ? 0 : 1;
  const header = style === 'literal' || style === 'folded' ? headerEnd(reading.text, span) : span.start + first;
  const map = oneLine
    ? { uri: reading.uri, pieces: [{ inner: 0, outer: span.start + first, length: decoded.length }] }
    : scalarMap(reading.uri, reading.text, header, span.end - (style === 'plain' ? 0 : first), decoded);
  const tag = node.tag ?? '';
  const number = /:(?:float|int|bool|null)$/.test(tag);
  const text = /^!$|:str$/.test(tag) || (style !== 'plain' && !number);
  return { kind: 'scalar', span, raw, style, map, value: text ? decoded : plainValue(decoded), ...ownTag(node) };
}

/** The tag of a node where it is one of the file's own language, not of YAML. */
function ownTag(node: { readonly tag?: string }): { readonly tag?: string } {
  return node.tag !== undefined && /^!\w/.test(node.tag) ? { tag: node.tag } : {};
}

const styles: Readonly<Record<string, DataScalar['style']>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

function headerEnd(text: string, span: Span): number {
  const lineBreak = text.indexOf('\n', span.start);
  return lineBreak < 0 || lineBreak > span.end ? span.end : lineBreak + 1;
}

function emptyScalar(reading: Reading, keyEnd: number): DataScalar {
  const colon = reading.text.indexOf(':', keyEnd);
  const at = colon >= 0 && colon - keyEnd < 8 ? colon + 1 : keyEnd;
  const span = { uri: reading.uri, start: at, end: at };
  return { kind: 'scalar', span, raw: '', style: 'plain', value: null, map: { uri: reading.uri, pieces: [] } };
}

function spanOf(reading: Reading, node: Node): Span {
  const [start, end] = node.range ?? [0, 0];
  return { uri: reading.uri, start, end: Math.max(start, Math.min(end, reading.text.length)) };
}

function report(reading: Reading, node: Node, code: string, message: string): void {
  reading.problems.push({ code, message, span: spanOf(reading, node) });
}
