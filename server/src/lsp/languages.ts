import { languageOf } from '#core/source/language.ts';
import type { LanguageId } from '#core/source/source-file.ts';

const byEditor: Readonly<Record<string, LanguageId>> = {
  python: 'python',
  yaml: 'yaml',
  dockercompose: 'yaml',
  json: 'json',
  jsonc: 'json',
  toml: 'toml',
  shellscript: 'bash',
  sh: 'bash',
  bash: 'bash',
  terraform: 'hcl',
  hcl: 'hcl',
  opentofu: 'hcl',
};

/** The language of an open document: the editor's word first (untitled files have no name), else the file name. */
export function languageOfDocument(editorLanguage: string, uri: string, text: string): LanguageId | undefined {
  return byEditor[editorLanguage] ?? languageOf(uri, text);
}
