import type { Span } from '../source/span.ts';
import type { TextMap } from '../source/text-map.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { Scope } from './shell-scope.ts';
import type { ShellWord } from './shell-word.ts';

/** One command that a script runs, expanded as far as the text tells. */
export interface ShellCommand {
  /** The program's name and its arguments, in order; never empty. */
  readonly words: readonly ShellWord[];
  /** Exported and prefixed assignments in force. */
  readonly environment: ReadonlyMap<string, ShellWord>;
  /** The whole command in the document. */
  readonly span: Span;
  /** The file that it reads as its input: `< path`, or what `cat path |` hands over. */
  readonly input?: ShellWord;
  /** The command that hands this one to a shell (`submit ... -- bash -c '...'`), up to the shell. */
  readonly outer?: readonly ShellWord[];
}

/** A file that a script writes when it runs: its text stands in a heredoc. */
export interface WrittenFile {
  readonly path: ShellWord;
  readonly text: string;
  readonly map: TextMap;
}

/** A script that stands in a heredoc and is handed to a command (`sbatch <<EOF`). */
export interface EmbeddedScript {
  readonly program: string;
  readonly text: string;
  readonly map: TextMap;
}

/** All that a script does, as far as it can be told without running it. */
export interface ShellReading {
  readonly commands: readonly ShellCommand[];
  readonly written: readonly WrittenFile[];
  readonly scripts: readonly EmbeddedScript[];
  /** Paths that `source` names and that were not at hand. */
  readonly unread: readonly ShellWord[];
  /** What the names of the script hold at its end. */
  readonly variables: Scope['variables'];
}

/** How a script is called and what it may read besides itself. */
export interface ShellOptions {
  /** Names set from outside: an environment block, a scheduler's header. */
  readonly environment?: ReadonlyMap<string, ShellWord>;
  /** Arguments of the script; absent where nothing tells how it is called. */
  readonly positional?: readonly ShellWord[];
  /** `$0` */
  readonly script?: string;
  /** Parses a command that stands in a string (`eval "$CMD"`, `bash -c`); without it such commands are left out. */
  readonly parse?: (text: string) => SyntaxNode;
  /** A script that `source` names, where it is at hand. */
  readonly source?: (path: string) => { readonly text: string; readonly uri: string } | undefined;
}
