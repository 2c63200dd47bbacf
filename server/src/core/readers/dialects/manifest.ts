import type { SourceFile } from '../../source/source-file.ts';
import { at, type DataMap, type DataNode, type DataScalar } from '../../syntax/data.ts';
import type { Syntax } from '../../syntax/syntax.ts';

/** One Kubernetes object of a file. */
export interface Manifest {
  readonly kind: string;
  readonly apiVersion: string;
  readonly root: DataMap;
  /** The object's name; the generated name's stem, or the kind, where it has none. */
  readonly name: string;
  readonly nameNode: DataNode | undefined;
  readonly spec: DataNode | undefined;
}

/** The objects of a file in order, those inside a `List` taken out. */
export function manifestsOf(file: SourceFile, syntax: Syntax): readonly Manifest[] {
  return syntax.data(file).flatMap((document) => objectsIn(document.root, 0));
}

function objectsIn(root: DataNode | undefined, depth: number): readonly Manifest[] {
  const kind = textAt(root, 'kind');
  const apiVersion = textAt(root, 'apiVersion');
  if (root?.kind !== 'map' || kind === undefined || apiVersion === undefined) return [];
  const items = at(root, 'items');
  if (kind.endsWith('List') && items?.kind === 'list' && depth < 3) {
    return items.items.flatMap((item) => objectsIn(item, depth + 1));
  }
  const nameNode = at(root, 'metadata', 'name') ?? at(root, 'metadata', 'generateName');
  const name = nameNode?.kind === 'scalar' && nameNode.value !== null ? String(nameNode.value) : kind.toLowerCase();
  return [{ kind, apiVersion, root, name, nameNode, spec: at(root, 'spec') }];
}

/** The text of a scalar under a path; undefined where there is none. */
export function textAt(node: DataNode | undefined, ...path: readonly (string | number)[]): string | undefined {
  const found = at(node, ...path);
  return found?.kind === 'scalar' && found.value !== null ? String(found.value) : undefined;
}

/** The number of a scalar under a path. */
export function numberAt(node: DataNode | undefined, ...path: readonly (string | number)[]): number | undefined {
  const text = textAt(node, ...path);
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** The items of a list under a path; none where it is no list. */
export function itemsAt(node: DataNode | undefined, ...path: readonly (string | number)[]): readonly DataNode[] {
  const found = at(node, ...path);
  return found?.kind === 'list' ? found.items : [];
}

/** The entries of a map under a path; none where it is no map. */
export function entriesAt(node: DataNode | undefined, ...path: readonly (string | number)[]): DataMap['entries'] {
  const found = at(node, ...path);
  return found?.kind === 'map' ? found.entries : [];
}

/** A scalar, where the node is one. */
export function scalarOf(node: DataNode | undefined): DataScalar | undefined {
  return node?.kind === 'scalar' ? node : undefined;
}

/** The first node that is there. */
export function firstOf(...nodes: readonly (DataNode | undefined)[]): DataNode | undefined {
  return nodes.find((node) => node !== undefined);
}
