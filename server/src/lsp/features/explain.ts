import { explainLine } from '#core/report/explain.ts';
import { type Say, sayPlain } from '#core/report/words.ts';
import { lineStarts } from '#core/source/lines.ts';
import type { ExplainResult } from '../../protocol.ts';
import type { View } from '../view.ts';

/** What a line of the view's document, counted from 1, states and causes; a line that is not there is said to be none. */
export function viewExplained({ file, workloads }: View, line: number, say: Say = sayPlain): ExplainResult {
  const explained = explainLine(file, line, workloads, say);
  if (!explained) return { words: say('The document has {0} lines, not {1}.', lineStarts(file).length, line) };
  return { words: `${explained.text}\n${explained.words}` };
}
