import { type ShellWord, sliceWord } from '../../evaluate/shell-word.ts';

/** One option of a command: `--lr 1e-4`, `--lr=1e-4`, `-b 4`, `--bf16`, `optim.lr=1e-4`. */
export interface Flag {
  /** Without dashes, underscores for hyphens, as written otherwise; `+` and `++` of Hydra are taken off. */
  readonly name: string;
  /** The word that names it. */
  readonly word: ShellWord;
  /** The first value; missing for a bare flag. */
  readonly value?: ShellWord;
  /** All values of a flag that takes several. */
  readonly values: readonly ShellWord[];
  /** The program takes a truth value behind a switch (`--packing False`), so that a bare one can be turned off. */
  readonly takesTruth?: boolean;
  /** Where the flag stands among the words of its command. */
  readonly index: number;
}

/** The options of a command and its other words. */
export interface Options {
  readonly flags: readonly Flag[];
  readonly positional: readonly ShellWord[];
}

/** The name in the form that tables are written in. */
export function flagName(text: string): string {
  return text.replace(/^(?:-{1,2}|\+{1,2})(?=[A-Za-z])/, '').replaceAll('-', '_');
}

/** Reads the words after a program's name. Without knowing the program, a flag takes the words up to the next flag. */
export function readOptions(words: readonly ShellWord[]): Options {
  const flags: Flag[] = [];
  const positional: ShellWord[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (!word) continue;
    const assigned = assignment(word, index);
    if (assigned) {
      flags.push(assigned);
      continue;
    }
    if (!isFlag(word)) {
      positional.push(word);
      continue;
    }
    const values: ShellWord[] = [];
    for (let next = words[index + 1 + values.length]; next && isValue(next); next = words[index + 1 + values.length]) {
      values.push(next);
    }
    const [value] = values;
    flags.push({ name: flagName(word.text), word, values, index, ...(value ? { value } : {}) });
    index += values.length;
  }
  return { flags, positional };
}

/**
 * Reads the options that stand before the program of a launcher. `bare` flags take no value, `pairs` take two,
 * every other one takes one word. What follows is the started program.
 */
export function readLauncherOptions(
  words: readonly ShellWord[],
  bare: ReadonlySet<string>,
  pairs: ReadonlySet<string> = new Set(),
): Options & { readonly rest: readonly ShellWord[] } {
  const flags: Flag[] = [];
  let index = 0;
  while (index < words.length) {
    const word = words[index];
    if (!word) break;
    if (word.text === '--') return { flags, positional: [], rest: words.slice(index + 1) };
    if (!isFlag(word)) break;
    const assigned = assignment(word, index);
    if (assigned) {
      flags.push(assigned);
      index += 1;
      continue;
    }
    const joined = /^-[A-Za-z]\d+$/.test(word.text) ? sliceWord(word, 2) : undefined;
    const name = flagName(joined ? word.text.slice(0, 2) : word.text);
    const takes = joined || bare.has(name) ? 0 : pairs.has(name) ? 2 : 1;
    const values = joined ? [joined] : words.slice(index + 1, index + 1 + takes);
    const [value] = values;
    flags.push({ name, word, values, index, ...(value ? { value } : {}) });
    index += 1 + takes;
  }
  return { flags, positional: [], rest: words.slice(index) };
}

/** `--name=value` and `key.sub=value`. */
function assignment(word: ShellWord, index: number): Flag | undefined {
  const found = /^(-{1,2}[A-Za-z][\w.-]*|\+{0,2}[A-Za-z_][\w.@/-]*)=/.exec(word.text);
  if (!found) return undefined;
  const value = sliceWord(word, found[0].length);
  return { name: flagName(found[1] ?? ''), word, value, values: [value], index };
}

function isFlag(word: ShellWord): boolean {
  return /^--?[A-Za-z]/.test(word.text);
}

function isValue(word: ShellWord): boolean {
  return (
    !isMoreFlags(word) &&
    !isFlag(word) &&
    !/^\+{0,2}[A-Za-z_][\w.]*=/.test(word.text) &&
    !/^"?\$\{?[@*]/.test(word.text)
  );
}

/** `$EXTRA_ARGS`: a name that holds further flags, not the value of the one before it. */
function isMoreFlags(word: ShellWord): boolean {
  return word.unknown !== undefined && /^\$\{?\w*(?:FLAG|ARG|OPT|EXTRA)\w*\}?$/i.test(word.text);
}

/** The last flag under any of the names, as argument parsers take it. */
export function flagNamed(flags: readonly Flag[], ...names: readonly string[]): Flag | undefined {
  return flags.findLast((flag) => names.includes(flag.name));
}
