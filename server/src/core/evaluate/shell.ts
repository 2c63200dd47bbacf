import { type TextMap, wholeText } from '../source/text-map.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import { type Run, runCommandString, runStatements } from './shell-run.ts';
import type { Scope, ShellText } from './shell-scope.ts';
import type { ShellCommand, ShellOptions, ShellReading } from './shell-script.ts';
import { type Piece, type ShellWord, sliceWord, wordOf } from './shell-word.ts';

export type { ShellCommand, ShellOptions, ShellReading } from './shell-script.ts';

/**
 * Reads a shell script without running it: assignments, defaults, arrays, arithmetic, decided branches, functions and
 * sourced files are followed; each word keeps the place that fixes its value. What only a run can tell is unknown with
 * a reason. `map` leads from the text to its document where the text was cut out of one. Never throws.
 */
export function readShell(
  root: SyntaxNode,
  text: string,
  map: TextMap | string,
  options: ShellOptions = {},
): ShellReading {
  const source: ShellText = { text, map: typeof map === 'string' ? wholeText(map, text.length) : map };
  const scope: Scope = {
    variables: new Map(),
    exported: new Set(),
    functions: new Map(),
    positional: options.positional,
    script: options.script ?? scriptName(source.map.uri),
  };
  for (const [name, word] of options.environment ?? []) {
    scope.variables.set(name, { kind: 'text', value: word });
    scope.exported.add(name);
  }
  const run: Run = { commands: [], written: [], scripts: [], unread: [], options, steps: 0, depth: 0 };
  runStatements(root.children, source, scope, run);
  return {
    commands: run.commands,
    written: run.written,
    scripts: run.scripts,
    unread: run.unread,
    variables: scope.variables,
  };
}

/** The commands of a text, in the order in which they run. */
export function readCommands(
  root: SyntaxNode,
  text: string,
  map: TextMap | string,
  options: ShellOptions = {},
): readonly ShellCommand[] {
  return readShell(root, text, map, options).commands;
}

/**
 * The command of a list of arguments (Kubernetes `command` and `args`): no shell reads it, so nothing is split.
 * `$(NAME)` is replaced from the environment, as Kubernetes does. A `sh -c` list is read as the script it carries.
 */
export function readArguments(
  words: readonly ShellWord[],
  environment: ReadonlyMap<string, ShellWord>,
  options: ShellOptions = {},
): readonly ShellCommand[] {
  const [program] = words;
  if (!program) return [];
  const expanded = words.map((word) => fromEnvironment(word, environment));
  const span = program.span;
  const command: ShellCommand = { words: expanded, environment, span };
  const run: Run = {
    commands: [],
    written: [],
    scripts: [],
    unread: [],
    options: { ...options, environment },
    steps: 0,
    depth: 0,
  };
  const scope: Scope = {
    variables: new Map([...environment].map(([name, value]) => [name, { kind: 'text', value }])),
    exported: new Set(environment.keys()),
    functions: new Map(),
    positional: undefined,
    script: program.text,
  };
  runCommandString(command, scope, run);
  return run.commands.length > 0 ? run.commands : [command];
}

function fromEnvironment(word: ShellWord, environment: ReadonlyMap<string, ShellWord>): ShellWord {
  const whole = /^\$\(([A-Za-z_]\w*)\)$/.exec(word.text)?.[1];
  const found = whole === undefined ? undefined : environment.get(whole);
  if (found) return { ...found, at: word.at };
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of word.text.matchAll(/\$\(([A-Za-z_]\w*)\)/g)) {
    const value = environment.get(match[1] ?? '');
    if (!value) continue;
    pieces.push(...sliceWord(word, from, match.index).pieces, ...value.pieces);
    from = match.index + match[0].length;
  }
  if (from === 0) return word;
  pieces.push(...sliceWord(word, from).pieces);
  return wordOf({ pieces, span: word.span }, word.at);
}

function scriptName(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}
