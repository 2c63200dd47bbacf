/** Finds the files that a text names among those that are given; nothing outside them is ever reached. */
export interface PathIndex {
  /** The URI of a path as written in a file; undefined where no given file fits. */
  find(path: string, from: string): string | undefined;
}

/** An index over the URIs of the given files. */
export function indexPaths(uris: Iterable<string>): PathIndex {
  const known = new Map<string, string>();
  const byName = new Map<string, string[]>();
  for (const uri of uris) {
    const plain = decode(uri);
    known.set(plain, uri);
    const name = baseOf(plain);
    const same = byName.get(name);
    if (same) same.push(plain);
    else byName.set(name, [plain]);
  }
  return {
    find(path, origin) {
      const from = decode(origin);
      const plain = plainPath(path);
      if (plain === undefined) return undefined;
      if (!plain.startsWith('/')) {
        for (let folder = folderOf(from); ; folder = folderOf(folder)) {
          const uri = known.get(joinPath(folder, plain) ?? '');
          if (uri !== undefined) return uri;
          if (folder.length <= schemeEnd(folder)) break;
        }
      }
      return known.get(bySuffix(plain, from, byName.get(baseOf(plain)) ?? []) ?? '');
    },
  };
}

/**
 * Where a named file would lie: beside the file that names it. Undefined for what is no relative file path
 * (a hub name, an absolute path, a path that only a run can tell).
 */
export function expectedUri(path: string, from: string): string | undefined {
  const plain = plainPath(path);
  if (plain === undefined || /^[/~]/.test(plain)) return undefined;
  return /\.\w{1,8}$/.test(plain) ? joinPath(folderOf(from), plain) : undefined;
}

/** The path without leading parts that only a run can tell (`$DIR/x.py`, `$(dirname "$0")/x.py`); undefined where nothing is left. */
function plainPath(path: string): string | undefined {
  const parts = path.trim().split('/');
  const open = parts.findLastIndex((part) => /[$`{}()"']/.test(part));
  const known = open < 0 ? path.trim() : parts.slice(open + 1).join('/');
  const clean = known.replace(/^(?:\.\/)+/, '').replace(/\/{2,}/g, '/');
  return clean === '' || clean.endsWith('/') || /[\s*?<>|:]/.test(clean) ? undefined : clean;
}

/** The one given file whose path ends like this one; of several the nearest to the naming file, where one is nearest. */
function bySuffix(path: string, from: string, candidates: readonly string[]): string | undefined {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..' && part !== '.');
  for (let skip = 0; skip < parts.length; skip += 1) {
    const suffix = `/${parts.slice(skip).join('/')}`;
    const fitting = candidates.filter((uri) => uri.endsWith(suffix) && uri !== from);
    if (fitting.length === 1) return fitting[0];
    if (fitting.length > 1) return nearest(fitting, from);
  }
  return undefined;
}

function nearest(uris: readonly string[], from: string): string | undefined {
  const shared = (uri: string) => {
    const [a, b] = [uri.split('/'), from.split('/')];
    let same = 0;
    while (same < a.length && a[same] === b[same]) same += 1;
    return same * 100 - a.length;
  };
  const ranked = uris.map((uri) => ({ uri, rank: shared(uri) })).sort((a, b) => b.rank - a.rank);
  const [first, second] = ranked;
  return first && second && first.rank === second.rank ? undefined : first?.uri;
}

function joinPath(folder: string, path: string): string | undefined {
  const start = schemeEnd(folder);
  const parts = folder.slice(start).split('/').filter(Boolean);
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return folder.slice(0, start) + (folder[start] === '/' ? '/' : '') + parts.join('/');
}

function schemeEnd(uri: string): number {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(uri)?.[0];
  return scheme?.length ?? 0;
}

function decode(uri: string): string {
  return uri.replace(/%(?:[2-7][0-9a-f])/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
}

function folderOf(uri: string): string {
  const slash = uri.lastIndexOf('/');
  return slash <= schemeEnd(uri) ? uri.slice(0, schemeEnd(uri)) : uri.slice(0, slash);
}

function baseOf(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}
