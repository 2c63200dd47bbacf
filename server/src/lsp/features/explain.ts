import { explainLine } from '#core/report/explain.ts';
import { lineStarts } from '#core/source/lines.ts';
import type { ExplainResult } from '../../protocol.ts';
import type { View } from '../view.ts';

/** What a line of the view's document, counted from 1, states and causes; a line that is not there is said to be none. */
export function viewExplained({ file, workloads }: View, line: number): ExplainResult {
  const explained = explainLine(file, line, workloads);
  if (!explained) return { words: `The document has ${lineStarts(file).length} lines, not ${line}.` };
  return { words: `${explained.text}\n${explained.words}` };
}
