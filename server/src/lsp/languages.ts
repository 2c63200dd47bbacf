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

/** The folder of a document, without a slash at its end; undefined where the URI has no folder (untitled files). */
export function folderOf(uri: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(uri)) return undefined;
  const end = uri.lastIndexOf('/');
  return end > uri.indexOf('//') + 1 ? uri.slice(0, end) : undefined;
}

/** The last part of a URI's path, with its spaces back. */
export function baseName(uri: string): string {
  const path = uri.split(/[?#]/, 1)[0] ?? uri;
  return path.slice(path.lastIndexOf('/') + 1).replaceAll('%20', ' ');
}
