import type { Command, Reading } from '../facts/reading.ts';
import type { FactName, FactValues } from '../facts/vocabulary.ts';
import type { LanguageId, SourceFile } from '../source/source-file.ts';
import type { TextEdit } from '../source/span.ts';
import type { Syntax } from '../syntax/syntax.ts';

/** What a reader may know beyond its file. Everything is optional: a file read alone gives what it states alone. */
export interface ReadContext {
  readonly syntax: Syntax;
  /** Another file of the workspace by a path as written; undefined where it is missing or not loaded (the request is noted). */
  file(path: string, from: SourceFile): SourceFile | undefined;
  /** How a launcher starts this file, where one does. */
  readonly command?: Command;
  /** Which of several workloads in the file is meant, where a launcher names one (`--module llama3 --config llama3_8b`). */
  readonly select?: string;
}

/** One fact set to a new value. A change of several facts is several of these. */
export type SpecChange = { readonly [N in FactName]: { readonly name: N; readonly value: FactValues[N] } }[FactName];

/** Why an edit cannot be made, in the user's words. */
export interface Refusal {
  readonly refused: string;
}

/** The edits of one change in one file, in that file's dialect; comments, order, quotes and anchors are kept. */
export type WriteResult = { readonly edits: readonly TextEdit[] } | Refusal;

/** Row of the support table in the README. */
export interface ReaderInfo {
  readonly title: string;
  /** File names or marks by which users know the format. */
  readonly files: string;
}

/**
 * A lens on one dialect: reads facts from the text, writes a change of the spec back into it.
 * Pure, synchronous, never throws. Laws, tested for every reader: writing what is there gives no edit;
 * reading after writing gives the changed fact; nothing outside the edited span moves.
 */
export interface Reader {
  readonly id: string;
  readonly info: ReaderInfo;
  readonly languages: readonly LanguageId[];
  /** Cheap test of the text (and path) before any parse; false is final. */
  mentions(text: string, uri: string): boolean;
  /** The workloads the file states; none where it states none. */
  read(file: SourceFile, context: ReadContext): readonly Reading[];
  /** Sets one fact of the workload called `name` in this file. */
  write(file: SourceFile, name: string, change: SpecChange, context: ReadContext): WriteResult;
}

/** True where a change could not be written. */
export function isRefusal(result: WriteResult): result is Refusal {
  return 'refused' in result;
}
