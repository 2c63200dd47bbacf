import { parseArgs } from 'node:util';
import { readPointers, totalPointers } from '#core/lifecycle/pointers.ts';
import { formatCount, formatDisk } from '#core/units/format.ts';
import { type ExitCode, exit, KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';

/** Raised whenever a field changes its meaning or goes. */
const version = 1;
/** A git-lfs pointer is at most this long (its specification); DVC's files may be longer. */
const longestPointer = 1024;

/** Counts the bytes that pointer files below a folder stand for. */
export async function runPointers(argv: readonly string[], host: CliHost): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { format: { type: 'string', default: 'table' } },
  });
  const [path, more] = positionals;
  if (path === undefined || more !== undefined) throw new KnownError('storage pointers needs one folder', exit.usage);
  if (values.format !== 'table' && values.format !== 'json')
    throw new KnownError(`--format ${values.format}: one of table, json`, exit.usage);
  const uri = host.uriOf(path);
  if ((await host.kindOf(uri)) !== 'folder') throw new KnownError(`${path}: no such folder`);
  const { files } = await host.disk.list(uri);
  const candidates = files.filter(
    (file) => /(?:\.dvc|dvc\.lock|\.lakefs_ref\.yaml)$/.test(file.path) || file.bytes <= longestPointer,
  );
  const pointers = [];
  for (const file of candidates) {
    const bytes = await host.disk.read(uri, file.path, 0, Math.min(file.bytes, 8e6));
    pointers.push(...readPointers(file.path, new TextDecoder().decode(bytes)));
  }
  const totals = totalPointers(pointers);
  if (values.format === 'json') {
    host.out(JSON.stringify({ version, totals, pointers }, undefined, 2));
    return exit.fine;
  }
  if (totals.length === 0) host.out('No DVC, git-lfs or lakeFS pointers were found.');
  for (const { kind, count, bytes, stored, unsized } of totals) {
    const once = stored < bytes ? `, ${formatDisk(stored)} stored once each` : '';
    const open = unsized > 0 ? `; ${formatCount(unsized)} do not tell their size` : '';
    host.out(
      `${kind}: ${formatCount(count)} ${count === 1 ? 'pointer' : 'pointers'}, ${formatDisk(bytes)}${once}${open}`,
    );
  }
  return exit.fine;
}
