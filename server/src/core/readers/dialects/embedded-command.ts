import { readArguments, type ShellCommand } from '../../evaluate/shell.ts';
import { mappedWord, type Piece, type ShellWord, sliceWord, wordOf } from '../../evaluate/shell-word.ts';
import type { DataNode, DataScalar } from '../../syntax/data.ts';
import { at } from '../../syntax/data.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import { entriesAt, itemsAt, textAt } from './manifest.ts';

/** Names with their values, as an environment block gives them. */
export type Environment = ReadonlyMap<string, ShellWord>;

/** A scalar of a data file as a word, its place kept. */
export function wordOfScalar(node: DataScalar): ShellWord {
  return mappedWord(node.value === null ? '' : scalarText(node), node.map, node.span);
}

/** The text of a scalar as it stands: numbers keep their spelling. */
export function scalarText(node: DataScalar): string {
  return typeof node.value === 'string' ? node.value : node.raw;
}

/** The command of lists of arguments: `command` with `args` behind it, each a list or one string. */
export function listCommands(
  syntax: Syntax,
  lists: readonly (DataNode | undefined)[],
  environment: Environment = new Map(),
): readonly ShellCommand[] {
  const words = lists.flatMap((list) => {
    const items = list?.kind === 'list' ? list.items : list ? [list] : [];
    return items.flatMap((item) => (item.kind === 'scalar' ? [openVariables(wordOfScalar(item))] : []));
  });
  return readArguments(words, environment, { parse: (text) => syntax.parse('bash', text) });
}

/**
 * No shell reads a list of arguments: `$NAME` in one is filled in before the job is started (envsubst), so it is not
 * known. A word with blanks is a script for a shell and is left as it is.
 */
function openVariables(word: ShellWord): ShellWord {
  if (/\s/.test(word.text)) return word;
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of word.text.matchAll(/\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g)) {
    const unknown = `${match[1] ?? match[2]} is set where the job is started.`;
    pieces.push(...sliceWord(word, from, match.index).pieces);
    from = match.index + match[0].length;
    pieces.push({ text: match[0], span: sliceWord(word, match.index, from).span, exact: false, unknown });
  }
  if (from === 0) return word;
  pieces.push(...sliceWord(word, from).pieces);
  return wordOf({ pieces, span: word.span }, word.at);
}

/** The environment of a container: a list of `name` and `value`. */
export function containerEnvironment(container: DataNode | undefined): Environment {
  const found = new Map<string, ShellWord>();
  for (const item of itemsAt(container, 'env')) {
    const name = textAt(item, 'name');
    const value = at(item, 'value');
    if (name !== undefined && value?.kind === 'scalar') found.set(name, wordOfScalar(value));
  }
  return found;
}

/** An environment that is a map of names to values. */
export function mapEnvironment(node: DataNode | undefined): Environment {
  const found = new Map<string, ShellWord>();
  for (const { key, value } of entriesAt(node)) {
    if (value.kind === 'scalar' && value.value !== null) found.set(key, wordOfScalar(value));
  }
  return found;
}
