import type { Reading } from '../facts/reading.ts';
import type { ReadContext } from '../readers/reader.ts';
import type { Problem } from '../source/problem.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Syntax } from '../syntax/syntax.ts';
import type { Workload } from './workload.ts';

/** Workloads joined over files, and the files that were named and not given. */
export interface Linked {
  readonly workloads: readonly Workload[];
  readonly problems: readonly Problem[];
  readonly missing: readonly string[];
}

/** How files are joined. */
export interface LinkOptions {
  /** The file asked about: its workload carries what starts it and what it starts. */
  readonly main?: string;
}

/** Reads every file and joins what belongs to one job. */
export function linkFiles(
  files: ReadonlyMap<string, SourceFile>,
  read: (file: SourceFile, context: ReadContext) => readonly Reading[],
  syntax: Syntax,
  _options: LinkOptions = {},
): Linked {
  const workloads = [...files.values()].flatMap((file) =>
    read(file, { syntax, file: () => undefined }).map(
      (reading): Workload => ({
        id: `${reading.uri}#${reading.name}`,
        name: reading.name,
        main: reading.uri,
        files: [reading.uri],
        readings: [reading],
        facts: reading.facts,
        open: reading.open,
        conflicts: [],
        anchors: [reading.anchor],
        problems: reading.problems,
      }),
    ),
  );
  return { workloads, problems: [], missing: [] };
}
