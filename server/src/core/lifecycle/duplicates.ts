/** A file, or a block of one, with the digest of its bytes. */
export interface Digested {
  readonly path: string;
  readonly bytes: number;
  readonly digest: string;
}

/** Bytes that lie there more than once. */
export interface DuplicateBytes {
  readonly total: number;
  /** Bytes of all copies but the first. */
  readonly duplicate: number;
  readonly groups: readonly { readonly bytes: number; readonly paths: readonly string[] }[];
}

/** Copies among whole files, the form in which DVC, lakeFS and git-lfs store a thing once. Larger groups first. */
export function duplicatesOf(files: readonly Digested[]): DuplicateBytes {
  const groups = new Map<string, Digested[]>();
  for (const file of files) {
    const key = `${file.bytes}:${file.digest}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const copied = [...groups.values()]
    .filter((group) => group.length > 1 && (group[0]?.bytes ?? 0) > 0)
    .map((group) => ({ bytes: group[0]?.bytes ?? 0, paths: group.map(({ path }) => path) }))
    .sort((a, b) => b.bytes * (b.paths.length - 1) - a.bytes * (a.paths.length - 1));
  return {
    total: files.reduce((sum, { bytes }) => sum + bytes, 0),
    duplicate: copied.reduce((sum, { bytes, paths }) => sum + bytes * (paths.length - 1), 0),
    groups: copied,
  };
}

/** Only files of the same size can be copies: the others need no reading. */
export function mayBeCopies<T extends { readonly bytes: number }>(files: readonly T[]): readonly T[] {
  const sizes = new Map<number, number>();
  for (const { bytes } of files) sizes.set(bytes, (sizes.get(bytes) ?? 0) + 1);
  return files.filter(({ bytes }) => bytes > 0 && (sizes.get(bytes) ?? 0) > 1);
}
