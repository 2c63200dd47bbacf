import type { Problem } from '../source/problem.ts';
import type { Span } from '../source/span.ts';
import type { TextMap } from '../source/text-map.ts';
import type { Fact, OpenFact } from './fact.ts';
import type { FactName } from './vocabulary.ts';

/**
 * What a file is to a job. Decides precedence when readings are linked:
 * launcher over config over program; a job manifest speaks for resources.
 */
export type Role = 'program' | 'config' | 'launcher' | 'job' | 'serving' | 'infrastructure' | 'fragment';

/** One word of a command line with its place. */
export interface Word {
  readonly text: string;
  /** Undefined text is a word whose value is not known before run time; `text` is then its source. */
  readonly unknown?: string;
  readonly span: Span;
}

/** A command that starts a program: what a launcher tells the file it starts. */
export interface Command {
  /** Environment assignments in force, name to word. */
  readonly environment: ReadonlyMap<string, Word>;
  /** The words after the program's own name. */
  readonly words: readonly Word[];
}

/** Another file that this one names. */
export interface Reference {
  /** As written, relative to the naming file or to the root. */
  readonly path: string;
  readonly role: Role;
  readonly span: Span;
  /** How a started program is called. */
  readonly command?: Command;
  /** Which of several workloads in the file is meant, where the launcher names one. */
  readonly select?: string;
  /** Facts of that file that the naming one sets by flags of its own, so what the file says of them does not count. */
  readonly overrides?: readonly FactName[];
  /** The file is a template whose `$NAME` and `${NAME}` the command's environment fills before anything reads it (`envsubst`). */
  readonly fills?: true;
}

/** A file that a script writes when it runs (a heredoc): it is read as if it lay beside the script. */
export interface EmbeddedFile {
  readonly path: string;
  readonly text: string;
  /** Leads from the text back into the script. */
  readonly map: TextMap;
}

/** Families of programs that a command's own words tell: what runs behind the command is then known without its files. */
export type ProgramFamily = 'hf' | 'trl' | 'llamafactory' | 'diffusers' | 'megatron' | 'litgpt';

/** One workload, or a part of one, as one file states it. */
export interface Reading {
  /** Id of the reader. */
  readonly reader: string;
  readonly uri: string;
  /** The job's, task's or function's name where the file has one, else the file's. */
  readonly name: string;
  readonly role: Role;
  /** Where the sum belongs: the launch line, the training arguments, the `resources` block. */
  readonly anchor: Span;
  readonly facts: readonly Fact[];
  readonly open: readonly OpenFact[];
  /** What the same file says against one of the facts: it has no say, and both cannot be meant. */
  readonly against?: readonly Fact[];
  readonly references: readonly Reference[];
  /** The family of the program that its command starts, where the command tells it. */
  readonly family?: ProgramFamily;
  /** The program reads its command line itself, with flags that its text declares: no table need guess what they mean. */
  readonly knowsFlags?: boolean;
  /** Files that this one writes when it runs. */
  readonly embedded?: readonly EmbeddedFile[];
  readonly problems: readonly Problem[];
}
