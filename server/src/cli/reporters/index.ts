import type { AnalyzedWorkload } from '#core/analyze.ts';
import type { Problem } from '#core/source/problem.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { CliHost } from '../host.ts';
import { reporter as json } from './json.ts';
import { reporter as markdown } from './markdown.ts';
import { reporter as table } from './table.ts';

/** What is printed: jobs, what could not be read, and the texts that places refer to. */
export interface Reported {
  readonly workloads: readonly AnalyzedWorkload[];
  readonly problems: readonly Problem[];
  readonly files: ReadonlyMap<string, SourceFile>;
}

/** One output format. Shows the values of the analysis as they are; computes nothing. */
export interface Reporter {
  readonly id: string;
  report(reported: Reported, host: Pick<CliHost, 'show'>): string;
}

/** Every format, the usual one first. */
export const reporters: readonly Reporter[] = [table, json, markdown];
