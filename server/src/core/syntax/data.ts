import type { Problem } from '../source/problem.ts';
import type { Span } from '../source/span.ts';
import type { TextMap } from '../source/text-map.ts';

/**
 * A value of a data language (YAML, JSON, TOML, HCL, protobuf text) with its place: one shape for all,
 * so that a reader of keys needs no parser of its own. Aliases and merge keys are already followed.
 */
export type DataNode = DataMap | DataList | DataScalar;

export interface DataMap {
  readonly kind: 'map';
  readonly span: Span;
  readonly entries: readonly DataEntry[];
  /** Written in braces on a line of its own syntax rather than as an indented block. */
  readonly flow: boolean;
  /** A YAML tag of the file's own language (`!new:torch.nn.Linear`). */
  readonly tag?: string;
}

export interface DataEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: DataNode;
  /** Came through an alias or a merge key: an edit here would change other places too. */
  readonly shared?: boolean;
}

export interface DataList {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly DataNode[];
  readonly flow: boolean;
}

export interface DataScalar {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: string | number | boolean | null;
  /** The scalar's source, quotes included. */
  readonly raw: string;
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'expression';
  /** Maps offsets of the decoded text value back to the document, for commands and code inside strings. */
  readonly map: TextMap;
  /** A YAML tag of the file's own language (`!ref`). */
  readonly tag?: string;
}

/** One document of a file. `root` is missing where it is empty; a broken part is left out and named in `problems`. */
export interface DataDocument {
  readonly root?: DataNode;
  readonly span: Span;
  readonly problems: readonly Problem[];
}

/** The value under a path of keys and list positions; undefined where any step is missing. */
export function at(node: DataNode | undefined, ...path: readonly (string | number)[]): DataNode | undefined {
  let here = node;
  for (const step of path) {
    if (here?.kind === 'map' && typeof step === 'string') here = entryOf(here, step)?.value;
    else if (here?.kind === 'list' && typeof step === 'number') here = here.items[step];
    else return undefined;
  }
  return here;
}

/** The entry of a key; the last one where a key is repeated, as loaders do. */
export function entryOf(node: DataNode | undefined, key: string): DataEntry | undefined {
  return node?.kind === 'map' ? node.entries.findLast((entry) => entry.key === key) : undefined;
}
