import type { Catalog } from './catalog/catalog.ts';
import type { Reading } from './facts/reading.ts';
import { toAccelerator } from './readers/dialects/accelerator-name.ts';
import { readers } from './readers/index.ts';
import { isRefusal, type ReadContext, type SpecChange, type WriteResult } from './readers/reader.ts';
import type { SourceFile } from './source/source-file.ts';
import type { TextEdit } from './source/span.ts';
import type { Workload } from './workload/workload.ts';

/** Where a fact that no file states is best written: where the run is described, before where it is launched. */
const preference = ['program', 'config', 'serving', 'fragment', 'launcher', 'job', 'infrastructure'];

/**
 * The edits that make changes true in the files of a job, each written by the reader of the file that states the fact,
 * or of the file that best could; of the file `uri` alone, where it is given. All or nothing: one refusal refuses the whole.
 */
export function editWorkload(
  workload: Workload,
  changes: readonly SpecChange[],
  files: ReadonlyMap<string, SourceFile>,
  context: ReadContext,
  uri?: string,
): WriteResult {
  const edits: TextEdit[] = [];
  for (const change of changes) {
    const result = editOne(workload, change, files, context, uri);
    if (isRefusal(result)) return result;
    edits.push(...result.edits);
  }
  return overlap(edits) ? { refused: 'the changes would touch the same text' } : { edits };
}

function editOne(
  workload: Workload,
  change: SpecChange,
  files: ReadonlyMap<string, SourceFile>,
  context: ReadContext,
  uri: string | undefined,
): WriteResult {
  let reason = 'no file of this job can carry it';
  for (const reading of carriers(workload, change)) {
    if (uri !== undefined && reading.uri !== uri) continue;
    const file = files.get(reading.uri);
    const reader = readers.find((one) => one.id === reading.reader);
    if (!file || !reader) continue;
    const result = reader.write(file, reading.name, change, context);
    if (!isRefusal(result)) return result;
    // The file that states the fact decides; only where none does, another may take it.
    if (states(reading, change)) return result;
    reason = result.refused;
  }
  return { refused: reason };
}

/** Readings that could carry the fact: the one that states it first, then by preference. */
function carriers(workload: Workload, change: SpecChange): readonly Reading[] {
  const fact = workload.facts.find((one) => one.name === change.name);
  const uri = fact?.origin.kind === 'code' ? fact.origin.span.uri : undefined;
  const rank = (reading: Reading) => {
    if (uri !== undefined && reading.uri === uri) return states(reading, change) ? -2 : -1;
    return preference.indexOf(reading.role);
  };
  return [...workload.readings].sort((a, b) => rank(a) - rank(b));
}

function states(reading: Reading, change: SpecChange): boolean {
  return reading.facts.some((fact) => fact.name === change.name && fact.origin.kind === 'code');
}

/** An accelerator by the word that files use for it, where the tables know that word as the same card. */
export function inWords(change: SpecChange, catalog: Catalog): SpecChange {
  if (change.name !== 'hardware.accelerator') return change;
  const word = toAccelerator(String(change.value));
  const same = word !== undefined && catalog.accelerator(word)?.name === change.value;
  return same ? { name: change.name, value: word } : change;
}

/** True where two of some edits would change the same text. */
export function overlap(edits: readonly TextEdit[]): boolean {
  return edits.some((a, i) =>
    edits.some((b, j) => i < j && a.span.uri === b.span.uri && a.span.start < b.span.end && b.span.start < a.span.end),
  );
}
