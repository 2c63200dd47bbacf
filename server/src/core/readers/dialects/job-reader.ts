import { sameValue } from '../../facts/fact.ts';
import type { FactName } from '../../facts/vocabulary.ts';
import type { LanguageId, SourceFile } from '../../source/source-file.ts';
import type { ReadContext, Reader, ReaderInfo, SpecChange, WriteResult } from '../reader.ts';
import type { Survey } from './sheet.ts';

/** What a reader of job files is made of: one walk serves reading and writing. */
export interface JobFormat {
  readonly id: string;
  readonly info: ReaderInfo;
  readonly languages: readonly LanguageId[];
  mentions(text: string, uri: string): boolean;
  /** Every workload of the file with its facts and the way to write each. */
  surveys(file: SourceFile, context: ReadContext): readonly Survey[];
}

/** The lens of a job format. */
export function jobReader(format: JobFormat): Reader {
  const { id, info, languages, mentions, surveys } = format;
  return {
    id,
    info,
    languages,
    mentions,
    read: (file, context) => surveys(file, context).map((one) => one.reading),
    write(file, name, change, context) {
      const all = surveys(file, context);
      const found = all.find((one) => one.reading.name === name);
      return found ? writeSurvey(found, change) : { refused: `There is no ${name} in this file.` };
    },
  };
}

function writeSurvey(found: Survey, change: SpecChange): WriteResult {
  const known = found.reading.facts.find((fact) => fact.name === change.name);
  if (known && sameValue(known.value, change.value)) return { edits: [] };
  const writer = found.writers.get(change.name);
  if (!writer) return { refused: `${wordFor(change.name)} cannot be set in this file.` };
  return writer(change.value);
}

/** A fact's name as a reader of English says it. */
function wordFor(name: FactName): string {
  const word = name.slice(name.indexOf('.') + 1).replaceAll('_', ' ');
  return word.charAt(0).toUpperCase() + word.slice(1);
}
