/** One thing that a small file in the repository stands for. */
export interface DataPointer {
  readonly path: string;
  readonly kind: 'dvc' | 'git-lfs' | 'lakefs';
  /** Bytes of what it stands for; absent where the pointer does not tell. */
  readonly bytes?: number;
  readonly files?: number;
  /** Content address: equal ones are stored once. */
  readonly address: string;
}

/** Reads the pointers of one file: a git-lfs pointer, a `.dvc` file or `dvc.lock`, or the reference of a lakeFS clone. */
export function readPointers(path: string, text: string): readonly DataPointer[] {
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    const oid = /^oid (\S+)$/m.exec(text)?.[1];
    const size = Number(/^size (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
    return oid === undefined
      ? []
      : [{ path, kind: 'git-lfs', address: oid, ...(Number.isFinite(size) ? { bytes: size } : {}) }];
  }
  if (/(?:^|\/)(?:[^/]+\.dvc|dvc\.lock)$/.test(path)) return readDvc(path, text);
  if (/(?:^|\/)\.lakefs_ref\.yaml$/.test(path)) {
    const [source, commit] = ['src', 'at_head'].map(
      (key) => new RegExp(`^${key}: *["']?([^"'\\s]+)`, 'm').exec(text)?.[1],
    );
    // A clone names a place and a commit; its size is the server's to tell.
    return source?.startsWith('lakefs://') ? [{ path, kind: 'lakefs', address: `${source}@${commit ?? ''}` }] : [];
  }
  return [];
}

/** Parts of DVC's files; what a stage reads is what another wrote, so only outputs count. */
const sections = new Set(['outs', 'deps', 'params', 'metrics', 'plots', 'cmd', 'meta']);

/** Entries `- md5: ...` (or `etag`, `hash`) with `size`, `nfiles` and `path`, in any order, as DVC writes them. */
function readDvc(path: string, text: string): readonly DataPointer[] {
  const found: DataPointer[] = [];
  let block: Record<string, string> | undefined;
  let indent = 0;
  let section = 'outs';
  const close = () => {
    const address = block?.['md5'] ?? block?.['etag'] ?? block?.['checksum'];
    if (block && address !== undefined && section === 'outs') {
      const number = (key: string) => (/^\d+$/.test(block?.[key] ?? '') ? Number(block?.[key]) : undefined);
      const [bytes, files] = [number('size'), number('nfiles')];
      const folder = path.includes('/') ? `${path.slice(0, path.lastIndexOf('/'))}/` : '';
      found.push({
        path: `${folder}${block['path'] ?? path}`,
        kind: 'dvc',
        address,
        ...(bytes === undefined ? {} : { bytes }),
        ...(files === undefined ? {} : { files }),
      });
    }
    block = undefined;
  };
  for (const line of text.split(/\r?\n/)) {
    const [, space = '', dash, key, value] = /^(\s*)(- )?([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    if (dash !== undefined) {
      close();
      block = {};
      indent = space.length + 2;
    } else if (space.length < indent) close();
    if (dash === undefined && value === '' && sections.has(key)) {
      close();
      section = key;
    } else if (block) block[key] = value.replace(/^["']|["']$/g, '');
  }
  close();
  return found;
}

/** What the pointers of a repository come to. */
export interface PointerTotals {
  readonly kind: DataPointer['kind'];
  readonly count: number;
  /** Bytes of all of them, and of each content once. */
  readonly bytes: number;
  readonly stored: number;
  /** Pointers that do not tell their size. */
  readonly unsized: number;
}

/** Sums by kind; content with the same address is stored once. */
export function totalPointers(pointers: readonly DataPointer[]): readonly PointerTotals[] {
  const kinds = [...new Set(pointers.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const own = pointers.filter((one) => one.kind === kind);
    const once = new Map(own.map(({ address, bytes = 0 }) => [address, bytes]));
    return {
      kind,
      count: own.length,
      bytes: own.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
      stored: [...once.values()].reduce((sum, one) => sum + one, 0),
      unsized: own.filter(({ bytes }) => bytes === undefined).length,
    };
  });
}
