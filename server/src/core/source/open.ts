import { isBinary, languageOf } from './language.ts';
import { readNotebook } from './notebook.ts';
import { maximumTextLength, type SourceFile } from './source-file.ts';

/** Why a text is no document that can be read here, in words that follow its name. */
export interface Unreadable {
  readonly reason: string;
}

/** A document from a file's name and text; a reason where it is none. Notebooks become their joined program. */
export function openSource(uri: string, version: number, text: string): SourceFile | Unreadable {
  if (isBinary(text)) return { reason: 'is a binary file' };
  const languageId = languageOf(uri, text);
  if (!languageId) return { reason: 'is of no kind that is read here' };
  // A notebook is mostly outputs; what counts is its program.
  const notebook = languageId === 'notebook' && text.length <= maximumNotebookLength;
  const read = notebook ? readNotebook(uri, version, text) : { uri, languageId, version, text };
  if (!read) return { reason: 'is no valid notebook' };
  return read.text.length > maximumTextLength ? { reason: `is longer than ${maximumTextLength / 1024} KB` } : read;
}

/** The largest notebook that is taken apart, outputs included. */
const maximumNotebookLength = 32 * 1024 * 1024;

/** True where a document was opened. */
export function isSource(opened: SourceFile | Unreadable): opened is SourceFile {
  return 'text' in opened;
}
