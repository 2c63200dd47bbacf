import type { Reading } from '../facts/reading.ts';
import { maximumTextLength, type SourceFile } from '../source/source-file.ts';
import { readers } from './index.ts';
import type { ReadContext } from './reader.ts';

/** All that any reader finds in a file. Readers whose `mentions` says no are not asked. */
export function readFile(file: SourceFile, context: ReadContext): readonly Reading[] {
  if (file.text.length > maximumTextLength) return [];
  return readers.flatMap((reader) =>
    reader.languages.includes(file.languageId) && reader.mentions(file.text, file.uri)
      ? reader.read(file, context)
      : [],
  );
}
