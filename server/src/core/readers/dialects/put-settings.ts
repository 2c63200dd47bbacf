import { plainWord, type ShellWord, unknownValue, wordOf } from '../../evaluate/shell-word.ts';
import { at, type DataNode, type DataScalar } from '../../syntax/data.ts';
import { wordOfScalar } from './embedded-command.ts';
import { type Flag, flagName } from './flag.ts';
import { commonFlags } from './flag-table.ts';
import { entriesAt, scalarOf, textAt } from './manifest.ts';
import { putTraining } from './put-training.ts';
import type { Sheet } from './sheet.ts';
import { sliceScalar, textIn } from './slice.ts';

const maximumDepth = 4;

/**
 * Puts what a map of settings says, each key taken as a flag of the program; outer keys count before those of the maps
 * inside. A searched value (`type: double`) is left open, a constant one (`type: const`) is its `val`.
 */
export function putSettings(sheet: Sheet, node: DataNode | undefined, depth = 0): void {
  const flags = entriesAt(node).flatMap(({ key, keySpan, value }, index): Flag[] => {
    const word = wordOfSetting(value);
    return word ? [{ name: flagName(key), word: plainWord(key, keySpan), value: word, values: [word], index }] : [];
  });
  for (const flag of flags) commonFlags.get(flag.name.toLowerCase())?.put(sheet, flag);
  putTraining(sheet, flags);
  if (depth >= maximumDepth) return;
  for (const { value } of entriesAt(node)) {
    if (value.kind === 'map' && !wordOfSetting(value)) putSettings(sheet, value, depth + 1);
  }
}

const searched = /^(?:int|double|log|categorical|uniform|loguniform)$/;

function wordOfSetting(node: DataNode): ShellWord | undefined {
  if (node.kind === 'scalar') return node.value === null ? undefined : wordOfScalar(withoutQuotes(node));
  const type = textAt(node, 'type') ?? '';
  const constant = type === 'const' ? scalarOf(at(node, 'val')) : undefined;
  if (constant) return wordOfScalar(constant);
  if (!searched.test(type)) return undefined;
  return wordOf(unknownValue(type, node.span, 'A search picks the value'), node.span);
}

/** Hyperparameters of SageMaker are JSON texts: a string has quotes inside its quotes. */
export function withoutQuotes(node: DataScalar): DataScalar {
  const text = textIn(node);
  const quoted = text.length >= 2 && text.startsWith('"') && text.endsWith('"');
  return quoted ? sliceScalar(node, 1, text.length - 1) : node;
}
