import type { AnalyzedWorkload } from '#core/analyze.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import type { Settings } from '#core/settings.ts';
import type { Problem } from '#core/source/problem.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { exit, KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import type { Look } from './columns.ts';
import { reporter as csv } from './csv.ts';
import { reporter as github } from './github.ts';
import { reporter as html } from './html.ts';
import { reporter as json } from './json.ts';
import { reporter as junit } from './junit.ts';
import { reporter as markdown } from './markdown.ts';
import { reporter as sarif } from './sarif.ts';
import { reporter as table } from './table.ts';

/** What is printed: jobs, what could not be read, and the texts that places refer to. */
export interface Reported {
  readonly workloads: readonly AnalyzedWorkload[];
  readonly problems: readonly Problem[];
  readonly files: ReadonlyMap<string, SourceFile>;
  /** Date of the newest price in the tables. */
  readonly pricesAsOf: string;
  /** The tables and settings that a job's figures rest on. */
  worldOf(one: AnalyzedWorkload): { readonly catalog: Catalog; readonly settings: Settings };
}

/** One output format. Shows the values of the analysis as they are; computes nothing. */
export interface Reporter {
  readonly id: string;
  report(reported: Reported, host: Pick<CliHost, 'show' | 'version'> & Look): string;
}

/** Every format, the usual one first. */
export const reporters: readonly Reporter[] = [table, json, markdown, html, sarif, junit, github, csv];

/** The format of a name; a name that is none is a usage error. */
export function reporterOf(name: string): Reporter {
  const found = reporters.find(({ id }) => id === name);
  if (!found) throw new KnownError(`--format ${name}: one of ${reporters.map(({ id }) => id).join(', ')}`, exit.usage);
  return found;
}
