import { type DuplicateBytes, duplicatesOf, mayBeCopies } from '#core/lifecycle/duplicates.ts';
import type { RetentionPlan } from '#core/lifecycle/retention.ts';
import { type MeasuredSaving, samplePlaces, savingOf } from '#core/lifecycle/sample.ts';
import { formatDisk } from '#core/units/format.ts';
import type { CliHost } from '../host.ts';

/** Blocks of a sample, and their length: 64 MiB in all. */
const blocks = 64;
const blockBytes = 1 << 20;
/** Beyond this, copies are not looked for: reading it all would take longer than the question is worth. */
const mostHashed = 50e9;

/** What was measured on the files themselves. */
export interface Measured {
  readonly compression?: MeasuredSaving;
  readonly duplicates?: DuplicateBytes;
  /** Why a part was not measured. */
  readonly notes: readonly string[];
}

/** Samples the saves with zstd, and looks for copies among their files by digest. */
export async function measureFolder(plans: readonly RetentionPlan[], uri: string, host: CliHost): Promise<Measured> {
  const files = plans.flatMap(({ run }) => run.checkpoints.flatMap((save) => save.files));
  const notes: string[] = [];
  const { disk } = host;
  const sizes = [];
  if (!disk.zstd) notes.push('compression not measured: this Node has no zstd (22.15 or newer has)');
  else {
    for (const { file, from, length } of samplePlaces(files, blocks, blockBytes)) {
      const part = await disk.read(uri, file.path, from, length);
      sizes.push({ raw: part.length, compressed: disk.zstd(part) });
    }
  }
  const same = mayBeCopies(files);
  const toRead = same.reduce((sum, { bytes }) => sum + bytes, 0);
  const compression = savingOf(sizes);
  if (toRead > mostHashed) {
    notes.push(`copies not looked for: ${formatDisk(toRead)} would have to be read`);
    return { ...(compression ? { compression } : {}), notes };
  }
  const digested = [];
  for (const [at, file] of same.entries()) {
    host.progress(`reading ${at + 1} of ${same.length} files of equal size`);
    digested.push({ ...file, digest: await disk.digest(uri, file.path) });
  }
  host.progress('');
  return { ...(compression ? { compression } : {}), duplicates: duplicatesOf(digested), notes };
}

/** The measured figures in words. */
export function describeMeasured({ compression, duplicates, notes }: Measured): readonly string[] {
  const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
  const saved = compression
    ? [
        `zstd saves ${percent(compression.share)} (${percent(compression.low)} to ${percent(compression.high)}), measured on ${compression.blocks} blocks, ${formatDisk(compression.sampledBytes)}`,
      ]
    : [];
  const copies = duplicates
    ? [
        duplicates.duplicate === 0
          ? 'no two files are the same'
          : `${formatDisk(duplicates.duplicate)} in ${duplicates.groups.length} groups of equal files: stored once by DVC, lakeFS or git-lfs`,
        ...duplicates.groups
          .slice(0, 3)
          .map(({ bytes, paths }) => `  ${paths.length} x ${formatDisk(bytes)}: ${paths[0]}, ...`),
      ]
    : [];
  return [...saved, ...copies, ...notes];
}
