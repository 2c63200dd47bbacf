/** Languages that a reader can ask for. A notebook is one Python document; its cells are `SourceFile.cells`. */
export type LanguageId =
  | 'python'
  | 'yaml'
  | 'json'
  | 'toml'
  | 'bash'
  | 'hcl'
  | 'pbtxt'
  | 'markdown'
  | 'notebook'
  | 'text';

/** Where a cell of a notebook lies in the joined text. */
export interface Cell {
  /** 0-based position over all cells, Markdown cells counted. */
  readonly index: number;
  /** The editor's document of this cell, where one is open. */
  readonly uri?: string;
  readonly start: number;
  readonly end: number;
}

/** One document as the editor or the disk has it. Immutable; a new version is a new value. */
export interface SourceFile {
  readonly uri: string;
  readonly languageId: LanguageId;
  readonly version: number;
  readonly text: string;
  /** Code cells in order, for a notebook only; the text is their joined program. */
  readonly cells?: readonly Cell[];
}

/** The largest text that is read; more is a problem, not an attempt. */
export const maximumTextLength = 512 * 1024;
