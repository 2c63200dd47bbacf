import type { SourceFile } from '../source/source-file.ts';
import type { DataDocument } from './data.ts';
import { readHcl } from './hcl.ts';
import { readJson } from './json.ts';
import { readPbtxt } from './pbtxt.ts';
import type { Syntax } from './syntax.ts';
import { readToml } from './toml.ts';
import { readYaml } from './yaml.ts';

/** The documents of a data file, by its language; none for a language that is no data language. */
export function readData(file: SourceFile, syntax: Pick<Syntax, 'parse'>): readonly DataDocument[] {
  switch (file.languageId) {
    case 'yaml':
      return readYaml(file);
    case 'json':
      return readJson(file);
    case 'toml':
      return readToml(file, syntax);
    case 'hcl':
      return readHcl(file, syntax);
    case 'pbtxt':
      return readPbtxt(file);
    default:
      return [];
  }
}
