import type { Span } from '../source/span.ts';
import { outerOffset, type TextMap } from '../source/text-map.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { ShellValue, ShellWord } from './shell-word.ts';

/** A text under evaluation with the way back to the document it belongs to. */
export interface ShellText {
  readonly text: string;
  readonly map: TextMap;
}

/** What a name holds: one string, or an array of words. */
export type Variable =
  | { readonly kind: 'text'; readonly value: ShellValue }
  | { readonly kind: 'array'; readonly words: readonly ShellWord[] };

/** The names in force while a script is read. Copied at a branch that cannot be decided. */
export interface Scope {
  readonly variables: Map<string, Variable>;
  readonly exported: Set<string>;
  readonly functions: Map<string, { readonly body: SyntaxNode; readonly source: ShellText }>;
  /** Positional parameters; undefined where nothing tells how the script is called. */
  positional: readonly ShellWord[] | undefined;
  /** `$0` */
  readonly script: string;
}

/** The place of a node in the outer document. The end maps its last unit, so that it never slips into the next piece. */
export function spanIn(source: ShellText, node: { readonly start: number; readonly end: number }): Span {
  return rangeIn(source, node.start, node.end);
}

/** The outer place of a stretch of the text. */
export function rangeIn(source: ShellText, from: number, to: number): Span {
  const start = outerOffset(source.map, from);
  const end = to > from ? outerOffset(source.map, to - 1) + 1 : start;
  return { uri: source.map.uri, start, end: Math.max(start, end) };
}

/** The source of a node. */
export function sourceOf(source: ShellText, node: { readonly start: number; readonly end: number }): string {
  return source.text.slice(node.start, node.end);
}

/** A scope for a nested reading that must not change this one. */
export function forkScope(scope: Scope, positional = scope.positional): Scope {
  return {
    variables: new Map(scope.variables),
    exported: new Set(scope.exported),
    functions: new Map(scope.functions),
    positional,
    script: scope.script,
  };
}
