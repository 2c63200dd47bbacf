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
  if (text.length > maximumTextLength) return { reason: `is longer than ${maximumTextLength / 1024} KB` };
  const languageId = languageOf(uri, text);
  if (!languageId) return { reason: 'is of no kind that is read here' };
  if (languageId !== 'notebook') return { uri, languageId, version, text };
  return readNotebook(uri, version, text) ?? { reason: 'is no valid notebook' };
}

/** True where a document was opened. */
export function isSource(opened: SourceFile | Unreadable): opened is SourceFile {
  return 'text' in opened;
}
