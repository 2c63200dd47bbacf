import { type Fact, stated } from '#core/facts/fact.ts';
import type { Reading, Reference } from '#core/facts/reading.ts';
import type { FactName, FactValues } from '#core/facts/vocabulary.ts';
import { defaultSettings, type Settings } from '#core/settings.ts';
import { type Known, likely } from '#core/workload/known.ts';
import { resolveSpec } from '#core/workload/resolve.ts';
import type { WorkloadSpec } from '#core/workload/spec.ts';
import type { Workload } from '#core/workload/workload.ts';
import { testCatalog } from '../../catalog/load.ts';

/** Facts by their names, as a file states them. */
export type Stated = { readonly [N in FactName]?: FactValues[N] };

/** Where the one file of a job says everything. */
export const span = { uri: 'file:///w/job', start: 0, end: 1 };

/** A job of one file, as one reader reads it, with the files that it names. */
export function jobOf(reader: string, values: Stated, references: readonly Reference[] = []): Workload {
  const facts = Object.entries(values).map(([name, value]) => stated(name as FactName, value as never, span) as Fact);
  const reading: Reading = {
    reader,
    uri: span.uri,
    name: 'job',
    role: 'program',
    anchor: span,
    facts,
    open: [],
    references,
    problems: [],
  };
  return {
    id: 'w',
    name: 'job',
    main: span.uri,
    files: [span.uri],
    readings: [reading],
    facts,
    open: [],
    conflicts: [],
    anchors: [span],
    problems: [],
  };
}

/** What such a job resolves to over the shipped tables. */
export function specOf(reader: string, values: Stated, settings: Settings = defaultSettings): WorkloadSpec {
  return resolveSpec(jobOf(reader, values), testCatalog(), settings);
}

/** The likely value of a field; undefined where it is absent or unknown. */
export const figure = <T>(known: Known<T> | undefined): T | undefined => known && likely(known);
