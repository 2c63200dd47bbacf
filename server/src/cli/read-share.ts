import { readFile } from '#core/readers/read.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { Syntax } from '#core/syntax/syntax.ts';
import { linkFiles } from '#core/workload/link.ts';
import type { KeptEntries, KeptFor, KeptReadings } from './kept-readings.ts';

/** Files that several threads read for one run. Plain data. */
export interface ReadTask extends Omit<KeptFor, 'hash'> {
  /** Every file of the run: the ones to read may name any of them. */
  readonly files: readonly SourceFile[];
  /** URIs of those to read, the longest first. */
  readonly order: readonly string[];
}

/** Threads at work on a task. */
export interface ReadingThreads {
  /** How many there are. */
  readonly count: number;
  /** Hands out the next position in `order`, to whichever thread asks. */
  next(): number;
  /** What they have read; an error for a thread that failed, whose files are read again by whoever needs them. */
  readonly shares: Promise<readonly (KeptEntries | Error)[]>;
}

/**
 * Reads the files that `next` hands out (positions in `order`, until it hands out none), each as it stands and as those start it
 * that name it. Which thread reads which file changes nothing: a reading holds by content alone.
 */
export function readShare(
  { files, order }: Pick<ReadTask, 'files' | 'order'>,
  syntax: Syntax,
  kept: Pick<KeptReadings, 'readings'>,
  next: () => number,
): void {
  const all = new Map(files.map((file) => [file.uri, file]));
  linkFiles(all, (file, context) => readFile(file, context, kept.readings), syntax, {
    from: handedOut(all, order, next),
  });
}

function* handedOut(
  files: ReadonlyMap<string, SourceFile>,
  order: readonly string[],
  next: () => number,
): Generator<SourceFile> {
  for (let uri = order[next()]; uri !== undefined; uri = order[next()]) {
    const file = files.get(uri);
    if (file) yield file;
  }
}
