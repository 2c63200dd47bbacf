import { editWorkload, inWords, overlap } from '../edit.ts';
import { isRefusal, type SpecChange, type WriteResult } from '../readers/reader.ts';
import type { TextEdit } from '../source/span.ts';
import type { WhatIfInput } from '../what-if.ts';
import { changesToWrite } from './changes.ts';

/**
 * The edits that turn a job's files into a candidate: script, configs and job file together, all or none. A fact of the machines
 * that several files state is changed in each of them, so that they still agree.
 */
export function editsFor(
  { workload, files, context, catalog }: WhatIfInput,
  changes: readonly SpecChange[],
): WriteResult {
  const edits: TextEdit[] = [];
  for (const change of changesToWrite(workload, changes).map((one) => inWords(one, catalog))) {
    const stating = change.name.startsWith('hardware.')
      ? workload.readings.filter(({ facts }) =>
          facts.some(({ name, origin }) => name === change.name && origin.kind === 'code'),
        )
      : [];
    const parts = stating.length > 1 ? stating.map((one) => ({ ...workload, readings: [one] })) : [workload];
    for (const part of parts) {
      const result = editWorkload(part, [change], files, context);
      if (isRefusal(result)) return result;
      edits.push(...result.edits.filter((edit) => !edits.some((other) => isSame(edit, other))));
    }
  }
  return overlap(edits) ? { refused: 'the changes would touch the same text' } : { edits };
}

function isSame(a: TextEdit, b: TextEdit): boolean {
  return a.text === b.text && a.span.uri === b.span.uri && a.span.start === b.span.start && a.span.end === b.span.end;
}
