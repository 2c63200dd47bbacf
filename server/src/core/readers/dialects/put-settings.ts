import { plainWord } from '../../evaluate/shell-word.ts';
import type { DataNode, DataScalar } from '../../syntax/data.ts';
import { wordOfScalar } from './embedded-command.ts';
import { type Flag, flagName } from './flag.ts';
import { commonFlags } from './flag-table.ts';
import { entriesAt } from './manifest.ts';
import { putTraining } from './put-training.ts';
import type { Sheet } from './sheet.ts';
import { sliceScalar, textIn } from './slice.ts';

/** Puts what a map of settings says, each key taken as a flag of the program. */
export function putSettings(sheet: Sheet, node: DataNode | undefined): void {
  const flags = entriesAt(node).flatMap(({ key, keySpan, value }, index): Flag[] => {
    if (value.kind !== 'scalar' || value.value === null) return [];
    const word = wordOfScalar(withoutQuotes(value));
    return [{ name: flagName(key), word: plainWord(key, keySpan), value: word, values: [word], index }];
  });
  for (const flag of flags) commonFlags.get(flag.name.toLowerCase())?.put(sheet, flag);
  putTraining(sheet, flags);
}

/** Hyperparameters of SageMaker are JSON texts: a string has quotes inside its quotes. */
export function withoutQuotes(node: DataScalar): DataScalar {
  const text = textIn(node);
  const quoted = text.length >= 2 && text.startsWith('"') && text.endsWith('"');
  return quoted ? sliceScalar(node, 1, text.length - 1) : node;
}
