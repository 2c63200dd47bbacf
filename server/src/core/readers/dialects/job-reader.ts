import { sameValue } from '../../facts/fact.ts';
import type { LanguageId, SourceFile } from '../../source/source-file.ts';
import type { ReadContext, Reader, ReaderInfo, SpecChange, WriteResult } from '../reader.ts';
import { heldWrite } from './held-write.ts';
import { describeLack, type Lacks } from './lack.ts';
import type { Survey } from './sheet.ts';

/** What a reader of job files is made of: one walk serves reading and writing. */
export interface JobFormat {
  readonly id: string;
  readonly info: ReaderInfo;
  readonly languages: readonly LanguageId[];
  mentions(text: string, uri: string): boolean;
  /** Every workload of the file with its facts and the way to write each. */
  surveys(file: SourceFile, context: ReadContext): readonly Survey[];
  /** Why the format has no word for some facts. */
  readonly lacks?: Lacks;
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
      if (!found) return { refused: `There is no ${name} in this file.` };
      const read = (after: SourceFile) => surveys(after, context).map((one) => one.reading);
      const before = all.map((one) => one.reading);
      return heldWrite(read, file, before, found.reading, change, writeSurvey(found, format, change));
    },
  };
}

function writeSurvey({ reading, writers }: Survey, { info, lacks }: JobFormat, change: SpecChange): WriteResult {
  const known = reading.facts.find((fact) => fact.name === change.name);
  if (known?.origin.kind === 'code' && sameValue(known.value, change.value)) return { edits: [] };
  const writer = writers.get(change.name);
  if (writer) return writer(change.value);
  const { role } = reading;
  return describeLack({ title: info.title, role, ...(lacks ? { lacks } : {}) }, change.name);
}
