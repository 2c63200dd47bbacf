import type { DataNode } from '../../syntax/data.ts';

/** The value under a path of keys whatever their case and underscores: one walk serves camel, Pascal and snake spellings. */
export function anyCase(node: DataNode | undefined, ...path: readonly string[]): DataNode | undefined {
  let here = node;
  for (const step of path) {
    const wanted = plainKey(step);
    here = here?.kind === 'map' ? here.entries.findLast(({ key }) => plainKey(key) === wanted)?.value : undefined;
  }
  return here;
}

/** A key without case and underscores. */
export function plainKey(key: string): string {
  return key.replaceAll('_', '').toLowerCase();
}

/** The span of a key under any spelling. */
export function anyKeySpan(node: DataNode | undefined, key: string) {
  if (node?.kind !== 'map') return undefined;
  return node.entries.findLast((entry) => plainKey(entry.key) === plainKey(key))?.keySpan;
}

/** The items of a list under a path of keys in any spelling. */
export function anyItems(node: DataNode | undefined, ...path: readonly string[]): readonly DataNode[] {
  const found = anyCase(node, ...path);
  return found?.kind === 'list' ? found.items : [];
}

/** True for a map whose keys begin with capitals, as AWS writes them. */
export function isPascal(node: DataNode | undefined): boolean {
  return node?.kind === 'map' && node.entries.length > 0 && node.entries.every(({ key }) => /^[A-Z]/.test(key));
}
