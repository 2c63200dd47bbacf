import type { Reading } from '../facts/reading.ts';
import { maximumTextLength, type SourceFile } from '../source/source-file.ts';
import { createRecall, type Recall } from './dialects/recall.ts';
import { readers } from './index.ts';
import type { ReadContext } from './reader.ts';

/** Readings of documents that have not changed since; made by whoever analyses the same files again and again. */
export type ReadCache = Recall<readonly Reading[]>;

/** An empty cache. */
export function createReadCache(): ReadCache {
  return createRecall();
}

/** All that any reader finds in a file. Readers whose `mentions` says no are not asked. */
export function readFile(file: SourceFile, context: ReadContext, cache?: ReadCache): readonly Reading[] {
  if (file.text.length > maximumTextLength) return [];
  return cache ? cache(file, context, (around) => readAll(file, around)) : readAll(file, context);
}

function readAll(file: SourceFile, context: ReadContext): readonly Reading[] {
  return readers.flatMap((reader) =>
    reader.languages.includes(file.languageId) && reader.mentions(file.text, file.uri)
      ? reader.read(file, context)
      : [],
  );
}
