import type { Span } from '../source/span.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import { evaluateArithmetic } from './shell-arithmetic.ts';
import { expandParameter } from './shell-parameter.ts';
import { rangeIn, type Scope, type ShellText, sourceOf, spanIn } from './shell-scope.ts';
import {
  computedValue,
  joinValues,
  literalValue,
  type Part,
  type ShellValue,
  type ShellWord,
  splitValue,
  textOf,
  unknownIn,
  unknownValue,
  wordOf,
} from './shell-word.ts';

/** The words that one node of a command line gives after expansion and splitting. */
export function expandWords(node: SyntaxNode, source: ShellText, scope: Scope): readonly ShellWord[] {
  const at = spanIn(source, node);
  const parts = partsOf(node, source, scope, false);
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'words') return only.words;
  const quoted = /["']/.test(sourceOf(source, node));
  return gather(parts, at, quoted);
}

/** The one value of a node where no splitting happens: assignments, tests, quoted text. */
export function expandValue(node: SyntaxNode, source: ShellText, scope: Scope): ShellValue {
  return joinParts(partsOf(node, source, scope, true), spanIn(source, node));
}

/** The value of a stretch of text with the expansions that stand in it (a heredoc, a default after `:-`). */
export function expandRange(
  from: number,
  to: number,
  children: readonly SyntaxNode[],
  source: ShellText,
  scope: Scope,
  mode: 'string' | 'heredoc' | 'verbatim' | 'word',
): ShellValue {
  const parts = rangeParts(from, to, children, source, scope, mode);
  return joinParts(parts, rangeIn(source, from, to));
}

function joinParts(parts: readonly Part[], site: Span): ShellValue {
  const values = parts.flatMap((part): ShellValue[] =>
    part.kind === 'value'
      ? [part.value]
      : part.words.flatMap((word, index) => (index > 0 ? [computedValue(' ', word.at), word] : [word])),
  );
  return joinValues(values, site);
}

function gather(parts: readonly Part[], at: Span, quoted: boolean): readonly ShellWord[] {
  const fields: ShellValue[][] = [[]];
  for (const part of parts) {
    const chunks: readonly ShellValue[] =
      part.kind === 'words' ? part.words : part.split ? splitValue(part.value) : [part.value];
    chunks.forEach((chunk, index) => {
      if (index > 0) fields.push([]);
      fields.at(-1)?.push(chunk);
    });
  }
  return fields
    .map((values) => joinValues(values, at))
    .filter((value) => quoted || value.pieces.some((piece) => piece.text !== ''))
    .map((value) => wordOf(value, at));
}

function partsOf(node: SyntaxNode, source: ShellText, scope: Scope, quoted: boolean): readonly Part[] {
  const span = spanIn(source, node);
  const value = (one: ShellValue, split = false): Part[] => [{ kind: 'value', value: one, split: split && !quoted }];
  switch (node.type) {
    case 'string': {
      const closed = node.end - node.start > 1 && source.text[node.end - 1] === '"';
      return rangeParts(node.start + 1, closed ? node.end - 1 : node.end, node.children, source, scope, 'string');
    }
    case 'raw_string':
      return value(literalIn(source, node.start + 1, Math.max(node.start + 1, node.end - 1)));
    case 'ansi_c_string':
      return value(literalIn(source, node.start + 2, Math.max(node.start + 2, node.end - 1)));
    case 'translated_string':
    case 'concatenation':
    case 'command_name':
      return node.children.length === 0
        ? rangeParts(node.start, node.end, [], source, scope, 'word')
        : rangeParts(node.start, node.end, node.children, source, scope, quoted ? 'quoted-word' : 'word');
    case 'simple_expansion':
    case 'expansion':
      return expandParameter(node, source, scope, quoted, (from, to) =>
        expandRange(from, to, node.children, source, scope, 'word'),
      );
    case 'command_substitution':
      return value(substitution(node, source, scope), true);
    case 'arithmetic_expansion': {
      const child = node.children.find((one) => one.named);
      const read = (one: SyntaxNode) => known(arithmeticName(one, source, scope));
      const result = child ? evaluateArithmetic(child, source.text, read) : undefined;
      const text = sourceOf(source, node);
      return value(
        result === undefined
          ? unknownValue(text, span, `\`${text}\` is known only when the script runs`)
          : computedValue(String(result), span),
      );
    }
    case 'process_substitution':
      return value(
        unknownValue(sourceOf(source, node), span, 'The output of a process is known only when the script runs'),
      );
    default:
      return rangeParts(node.start, node.end, node.children, source, scope, 'word');
  }
}

function arithmeticName(node: SyntaxNode, source: ShellText, scope: Scope): ShellValue {
  if (node.type !== 'variable_name') return expandValue(node, source, scope);
  const variable = scope.variables.get(sourceOf(source, node));
  const span = spanIn(source, node);
  if (variable?.kind === 'text') return variable.value;
  return unknownValue(sourceOf(source, node), span, `\`${sourceOf(source, node)}\` is not set in this file`);
}

function known(value: ShellValue): string | undefined {
  return unknownIn(value) === undefined ? textOf(value) : undefined;
}

function rangeParts(
  from: number,
  to: number,
  children: readonly SyntaxNode[],
  source: ShellText,
  scope: Scope,
  mode: 'string' | 'heredoc' | 'verbatim' | 'word' | 'quoted-word',
): readonly Part[] {
  const parts: Part[] = [];
  const quoted = mode !== 'word';
  let at = from;
  const plain = (from: number, end: number) => {
    for (const value of literals(from, end, source, mode)) parts.push({ kind: 'value', value, split: false });
  };
  const literal = (end: number) => {
    // The grammar takes `$1.json` for text; such names are found here.
    const stray = mode === 'verbatim' ? [] : [...source.text.slice(at, end).matchAll(/(?<!\\)\$(?:\d|[A-Za-z_]\w*)/g)];
    let start = at;
    for (const found of stray) {
      const from = at + found.index;
      plain(start, from);
      start = from + found[0].length;
      const none = () => literalValue('', rangeIn(source, start, start));
      parts.push(...expandParameter({ start: from, end: start }, source, scope, quoted, none));
    }
    plain(start, end);
  };
  for (const child of children) {
    if (child.start < at || child.end > to || !isExpanding(child)) continue;
    // The grammar counts the blanks between two names of a string (`"$A $B"`) to the second.
    const blanks = /expansion$/.test(child.type) ? (/^\s+/.exec(sourceOf(source, child))?.[0].length ?? 0) : 0;
    const start = child.start + blanks;
    literal(start);
    parts.push(...partsOf(blanks > 0 ? { ...child, start } : child, source, scope, quoted));
    at = child.end;
  }
  literal(to);
  return parts;
}

function isExpanding(node: SyntaxNode): boolean {
  return /^(string|raw_string|ansi_c_string|translated_string|concatenation|simple_expansion|expansion|command_substitution|arithmetic_expansion|process_substitution)$/.test(
    node.type,
  );
}

/** Literal text with its escapes taken out, in stretches that each stand in the document unit for unit. */
function literals(from: number, to: number, source: ShellText, mode: string): ShellValue[] {
  if (to <= from) return [];
  if (mode === 'verbatim') return [literalIn(source, from, to)];
  const backslash = mode === 'word' || mode === 'quoted-word' ? /\\(\r?\n|[\s\S])/g : /\\(\r?\n|["\\$`])/g;
  const raw = source.text.slice(from, to);
  const values: ShellValue[] = [];
  const push = (start: number, end: number) => {
    if (end > start) values.push(literalIn(source, from + start, from + end));
  };
  let start = 0;
  for (let found = backslash.exec(raw); found; found = backslash.exec(raw)) {
    if (mode === 'heredoc' && found[1] === '"') continue;
    push(start, found.index);
    start = found.index + 1;
    if (found[1]?.endsWith('\n')) start = found.index + found[0].length;
  }
  push(start, raw.length);
  return values;
}

/** Literal text as a value: a stretch that was put together from several places keeps each of them. */
function literalIn(source: ShellText, from: number, to: number): ShellValue {
  const { pieces } = source.map;
  const text = source.text.slice(from, to);
  const first = pieces.findLastIndex((piece) => piece.inner <= from);
  const next = pieces[first + 1];
  if (!next || next.inner >= to) return literalValue(text, rangeIn(source, from, to));
  const values: ShellValue[] = [];
  for (let index = Math.max(first, 0), at = from; at < to; index += 1) {
    const end = Math.min(pieces[index + 1]?.inner ?? to, to);
    if (end > at) values.push(literalValue(source.text.slice(at, end), rangeIn(source, at, end)));
    at = Math.max(end, at);
    if (index >= pieces.length) break;
  }
  return joinValues(values, rangeIn(source, from, to));
}

/** The few commands whose output is plain from their words; all others run only when the script does. */
function substitution(node: SyntaxNode, source: ShellText, scope: Scope): ShellValue {
  const span = spanIn(source, node);
  const text = sourceOf(source, node);
  const open = unknownValue(
    text,
    span,
    `\`${text.length > 60 ? `${text.slice(0, 57)}...` : text}\` is known only when the script runs`,
  );
  const commands = node.children.filter((child) => child.named);
  const [command] = commands;
  if (commands.length !== 1 || command?.type !== 'command') return open;
  const words = command.children
    .filter((child) => child.named && child.type !== 'variable_assignment')
    .flatMap((child) => expandWords(child, source, scope));
  if (words.some((word) => word.unknown !== undefined)) return open;
  const [name, ...rest] = words;
  const [first, second] = rest;
  if (name?.text === 'echo' && first && rest.length === 1) return first;
  if (!first || first.text.startsWith('-')) return open;
  if (name?.text === 'basename') {
    const base = first.text.replace(/\/+$/, '').split('/').at(-1) ?? '';
    return computedValue(second && base.endsWith(second.text) ? base.slice(0, -second.text.length) : base, span);
  }
  if (name?.text === 'dirname') {
    return computedValue(first.text.includes('/') ? first.text.slice(0, first.text.lastIndexOf('/')) : '.', span);
  }
  return open;
}
