import type { ShellWord } from '../../evaluate/shell-word.ts';
import { lineBreak } from '../../source/lines.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { WriteResult } from '../reader.ts';
import type { Flag } from './flag.ts';
import type { NamedValue } from './new-flags.ts';

/** A command that a flag may be added to: its words from the program on, and the flags among them. */
export interface OpenCommand {
  readonly words: readonly ShellWord[];
  readonly flags: readonly Flag[];
}

/**
 * Adds flags behind the last word of a command in its own style: on a line of its own where the flags before it have
 * theirs, as further items where the words are a list.
 */
export function addFlag(file: SourceFile, command: OpenCommand, added: readonly NamedValue[]): WriteResult {
  const flags = command.flags.filter((flag) => flag.word.at.uri === file.uri);
  const long = flags.filter((flag) => flag.word.text.startsWith('--'));
  const named = long.map((flag) => flag.word.text.split('=')[0] ?? '');
  const hyphens = named.some((text) => text.slice(2).includes('-')) && !named.some((text) => text.includes('_'));
  const joined = long.some((flag) => flag.word.text.includes('='));
  const texts = added.flatMap(([name, value]) => {
    const word = `--${hyphens ? name.replaceAll('_', '-') : name}`;
    return value === '' ? [word] : joined ? [`${word}=${value}`] : [word, value];
  });
  return append(file, command, texts);
}

/** Adds a key of the program's config behind the last word of a command, as `key=value` or as `--key value`. */
export function addOverride(
  file: SourceFile,
  command: OpenCommand,
  path: string,
  value: string,
  dashes: boolean,
): WriteResult {
  return append(file, command, dashes ? [`--${path}`, value] : [`${path}=${value}`]);
}

function append(file: SourceFile, command: OpenCommand, texts: readonly string[]): WriteResult {
  const last = command.words.filter((word) => word.at.uri === file.uri).at(-1);
  if (!last || !/^(?:bash|yaml|json)$/.test(file.languageId)) {
    return { refused: 'A flag cannot be added here: the last word of the command stands in another file.' };
  }
  const flags = command.flags.filter((flag) => flag.word.at.uri === file.uri);
  const item = itemAt(file, last);
  const lastFlag = flags.at(-1)?.word.at;
  const mark = lastFlag ? (/^['"]/.exec(file.text.slice(lastFlag.start, lastFlag.end))?.[0] ?? '') : '';
  return item ? addItems(file, last, { ...item, quote: mark }, texts) : addWords(file, last, flags, texts.join(' '));
}

/** How a word stands in a list of words: its dash and indentation, or what parts it from the one before; the quotes of flags. */
interface Item {
  readonly before: string;
  readonly quote: string;
  readonly block: boolean;
}

/** The list item that is wholly this word; undefined where the word is one of a line of shell. */
function itemAt(file: SourceFile, { at }: ShellWord): Item | undefined {
  if (file.languageId === 'bash') return undefined;
  const { text } = file;
  const { start, end } = at;
  const quote = /^['"]/.exec(text.slice(start, end))?.[0] ?? '';
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const rest = /^[^\n]*/.exec(text.slice(end))?.[0] ?? '';
  if (file.languageId === 'yaml' && /^\s*(?:-\s+)+$/.test(line) && /^\s*(?:#.*)?$/.test(rest)) {
    return { before: line.replace(/[^\s](?=.*-)/g, ' '), quote, block: true };
  }
  const behind = /^\s*(?:#[^\n]*\n\s*)*[,\]]/.test(text.slice(end));
  const opened = /(?:^|[[,\s])\s*$/.test(text.slice(Math.max(0, start - 200), start));
  if (!behind || !opened || (quote === '' && file.languageId === 'json')) return undefined;
  return { before: /^\s*$/.test(line) ? line : '', quote, block: false };
}

function addItems(file: SourceFile, { at }: ShellWord, item: Item, texts: readonly string[]): WriteResult {
  const { end } = at;
  const spelled = texts.map((text) => {
    if (/^-|=/.test(text)) return item.quote + text + item.quote;
    // An argument must be text: a bare number or truth value would not be.
    return /^(?:[\d.]|true$|false$)/i.test(text) || item.quote !== '' ? quoted(text, item.quote) : text;
  });
  const edit = (text: string, offset = end) => ({
    edits: [{ span: { uri: at.uri, start: offset, end: offset }, text }],
  });
  if (!item.block) {
    const gap = item.before === '' ? ' ' : lineBreak(file) + item.before;
    return edit(spelled.map((text) => `,${gap}${text}`).join(''));
  }
  const rest = /^[^\r\n]*/.exec(file.text.slice(end))?.[0] ?? '';
  const lines = spelled.map((text) => lineBreak(file) + item.before + text);
  return edit(lines.join(''), end + rest.trimEnd().length);
}

function quoted(text: string, quote: string): string {
  const mark = quote === '' ? '"' : quote;
  return mark + text + mark;
}

function addWords(file: SourceFile, last: ShellWord, flags: readonly Flag[], text: string): WriteResult {
  const lastFlag = flags.at(-1);
  const gap = lastFlag ? /(?:[ \t]*\\)?\r?\n[ \t]*$/.exec(file.text.slice(0, lastFlag.word.at.start))?.[0] : undefined;
  const end = endOfWord(file, last.at.end, gap);
  return {
    edits: [
      { span: { uri: file.uri, start: end, end }, text: `${gap === undefined ? ' ' : continued(file, gap)}${text}` },
    ],
  };
}

/** In an array each element has its line, so a new one goes after the line and its comment; elsewhere behind the word's quote. */
function endOfWord(file: SourceFile, end: number, gap: string | undefined): number {
  if (gap === undefined || gap.includes('\\')) return end;
  const rest = /^[ \t]*(?:#[^\n]*)?(?=\r?\n)/.exec(file.text.slice(end))?.[0] ?? '';
  return end + rest.trimEnd().length;
}

function continued(file: SourceFile, gap: string): string {
  const indent = /[ \t]*$/.exec(gap)?.[0] ?? '';
  return gap.includes('\\') ? ` \\${lineBreak(file)}${indent}` : `${lineBreak(file)}${indent}`;
}
