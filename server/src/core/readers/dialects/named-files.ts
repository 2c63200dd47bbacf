import type { Reference, Role } from '../../facts/reading.ts';
import { type ConfigView, find } from './config-view.ts';

/** References to the files that keys name; a templated or missing name gives none. */
export function namedFiles(view: ConfigView, keys: readonly (readonly [string, Role])[]): readonly Reference[] {
  const references: Reference[] = [];
  for (const [key, role] of keys) {
    const node = find(view, key)?.node;
    if (node?.kind !== 'scalar' || typeof node.value !== 'string') continue;
    if (/\.(?:json|ya?ml|toml)$/.test(node.value) && !/[{}<>$]/.test(node.value)) {
      references.push({ path: node.value, role, span: node.span });
    }
  }
  return references;
}
