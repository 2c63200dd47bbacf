import { computed, listOf, unknown, type Value } from '../value.ts';
import { parseNumber } from './literal.ts';
import type { CommandLine, CommandWord } from './machine.ts';

/** Words of a command line by flag name (without dashes, hyphens as underscores), and those of no flag. */
export interface GivenWords {
  readonly flags: ReadonlyMap<string, readonly CommandWord[]>;
  /** The flag's own words, for switches that carry no value. */
  readonly marks: ReadonlyMap<string, CommandWord>;
  readonly positional: readonly CommandWord[];
}

const noWords: GivenWords = { flags: new Map(), marks: new Map(), positional: [] };

/** The flag's name as programs know it. */
export function flagName(text: string): string {
  return text.replace(/^-+/, '').replaceAll('-', '_');
}

/** Sorts the words after a program's name. `switches` take no value: a word after one of them is positional. */
export function sortWords(command: CommandLine | undefined, switches: ReadonlySet<string>): GivenWords {
  if (!command) return noWords;
  const flags = new Map<string, CommandWord[]>();
  const marks = new Map<string, CommandWord>();
  const positional: CommandWord[] = [];
  let open: CommandWord[] | undefined;
  for (const word of command.words) {
    const { text } = word;
    const isFlag = /^--?[A-Za-z_]/.test(text) && word.unknown === undefined;
    if (!isFlag) {
      if (open) open.push(word);
      else positional.push(word);
      continue;
    }
    const equals = text.indexOf('=');
    const name = flagName(equals < 0 ? text : text.slice(0, equals));
    const values: CommandWord[] = [];
    flags.set(name, values);
    marks.set(name, word);
    open = switches.has(name) || equals >= 0 ? undefined : values;
    if (equals >= 0) {
      const start = word.span.end - (text.length - equals - 1);
      values.push({ text: text.slice(equals + 1), span: { ...word.span, start } });
    }
  }
  return { flags, marks, positional };
}

/** The value that one word gives where the program states no type: number, truth or text by its look. */
export function guessWord(word: CommandWord): Value {
  const at = word.span;
  if (word.unknown !== undefined) return unknown(word.unknown, at);
  const number = parseNumber(word.text);
  if (number) return { kind: 'number', value: number.value, float: number.float, at };
  if (/^(true|yes)$/i.test(word.text)) return { kind: 'bool', value: true, at };
  if (/^(false|no)$/i.test(word.text)) return { kind: 'bool', value: false, at };
  if (word.text === 'None' || word.text === 'null') return { kind: 'none', at };
  return { kind: 'string', value: word.text, at };
}

/** The value that a flag's words give: a truth for none, a list for several. */
export function guessWords(name: string, given: GivenWords): Value | undefined {
  const words = given.flags.get(name);
  const mark = given.marks.get(name);
  const [first, ...rest] = words ?? [];
  if (!words || !mark) return undefined;
  if (!first) return { kind: 'bool', value: true, at: mark.span, derived: true };
  return rest.length === 0 ? guessWord(first) : listOf(words.map(guessWord), first.span);
}

/** All flags of a command as keyword arguments. */
export function guessKeywords(command: CommandLine | undefined): ReadonlyMap<string, Value> {
  const given = sortWords(command, new Set());
  const keywords = new Map<string, Value>();
  for (const name of given.flags.keys()) {
    const value = guessWords(name, given);
    if (value) keywords.set(name, value);
  }
  return keywords;
}

/** A text default or word under the type that the program declares. */
export function convertText(value: Value, type: Value | undefined): Value {
  if (value.kind !== 'string' || type?.kind !== 'reference') return value;
  if (type.path === 'builtins.int' || type.path === 'builtins.float') {
    const number = parseNumber(value.value);
    if (!number) return unknown('is no number', value.at);
    const float = type.path === 'builtins.float';
    return { kind: 'number', value: number.value, float, at: value.at };
  }
  if (type.path === 'builtins.bool')
    return computed({ kind: 'bool', value: value.value !== '', at: value.at }, value.at);
  return value;
}
