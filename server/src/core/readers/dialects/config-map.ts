import type { EmbeddedFile, Reference } from '../../facts/reading.ts';
import { at, type DataNode } from '../../syntax/data.ts';
import { entriesAt, itemsAt, type Manifest, textAt } from './manifest.ts';

/** A file of a ConfigMap with the path at which a container sees it. */
interface MountedFile {
  readonly path: string;
  readonly content: DataNode;
}

/**
 * The files that an object starts or reads and that ConfigMaps beside it hold: the program of a job, its script, its
 * configuration. A path counts where it is the mount's path with the file's name, or the bare name of a mounted file.
 */
export function mountedFiles(
  manifest: Manifest,
  all: readonly Manifest[],
  references: readonly Reference[],
): readonly EmbeddedFile[] {
  const maps = all.filter(({ kind }) => kind === 'ConfigMap');
  if (maps.length === 0 || references.length === 0) return [];
  const files = podsIn(manifest.root, 0).flatMap((pod) => filesOf(pod, maps));
  return references.flatMap(({ path }): EmbeddedFile[] => {
    const wanted = path.replace(/^\.\//, '');
    const found = files.find((file) => file.path === wanted || file.path.endsWith(`/${wanted}`));
    const content = found?.content;
    if (content?.kind !== 'scalar' || typeof content.value !== 'string') return [];
    return [{ path, text: content.value, map: content.map }];
  });
}

/** Every pod spec in an object, wherever its kind keeps it. */
function podsIn(node: DataNode | undefined, depth: number): readonly DataNode[] {
  if (!node || node.kind === 'scalar' || depth > 12) return [];
  if (at(node, 'containers') && at(node, 'volumes')) return [node];
  const children = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
  return children.flatMap((child) => podsIn(child, depth + 1));
}

function filesOf(pod: DataNode, maps: readonly Manifest[]): readonly MountedFile[] {
  const mounts = itemsAt(pod, 'containers').flatMap((container) => itemsAt(container, 'volumeMounts'));
  return itemsAt(pod, 'volumes').flatMap((volume) => {
    const map = maps.find(({ name }) => name === textAt(volume, 'configMap', 'name'));
    if (!map) return [];
    const items = itemsAt(volume, 'configMap', 'items');
    const named = entriesAt(map.root, 'data').flatMap(({ key, value }) => {
      const chosen = items.find((item) => textAt(item, 'key') === key);
      if (items.length > 0 && !chosen) return [];
      return [{ name: textAt(chosen, 'path') ?? key, content: value }];
    });
    return mounts.flatMap((mount) => {
      if (textAt(mount, 'name') !== textAt(volume, 'name')) return [];
      const folder = textAt(mount, 'mountPath')?.replace(/\/$/, '') ?? '';
      const only = textAt(mount, 'subPath');
      return named.flatMap(({ name, content }) => {
        if (only !== undefined) return only === name ? [{ path: folder, content }] : [];
        return [{ path: `${folder}/${name}`, content }];
      });
    });
  });
}
