import type { LanguageId } from '#core/source/source-file.ts';

const byExtension: Readonly<Record<string, LanguageId>> = {
  py: 'python',
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  jsonc: 'json',
  toml: 'toml',
  sh: 'bash',
  bash: 'bash',
  sbatch: 'bash',
  slurm: 'bash',
  sub: 'bash',
  job: 'bash',
  tf: 'hcl',
  hcl: 'hcl',
  pbtxt: 'pbtxt',
};

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

/** The language of a file by its name; undefined for a file that no reader asks for. */
export function languageOfPath(uri: string): LanguageId | undefined {
  const name = baseName(uri).toLowerCase();
  return byExtension[name.slice(name.lastIndexOf('.') + 1)];
}

/** The language of an open document: the editor's word first (untitled files have no name), else the file name. */
export function languageOfDocument(editorLanguage: string, uri: string): LanguageId | undefined {
  return byEditor[editorLanguage] ?? languageOfPath(uri);
}

/** The folder of a document, without a slash at its end; undefined where the URI has no folder (untitled files). */
export function folderOf(uri: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(uri)) return undefined;
  const end = uri.lastIndexOf('/');
  return end > uri.indexOf('//') + 1 ? uri.slice(0, end) : undefined;
}

/** The last part of a URI's path, decoded. */
export function baseName(uri: string): string {
  const path = uri.split(/[?#]/, 1)[0] ?? uri;
  const last = path.slice(path.lastIndexOf('/') + 1);
  return /%[0-9a-f]{2}/i.test(last) && !/%(?![0-9a-f]{2})/i.test(last) ? decodeLast(last) : last;
}

function decodeLast(name: string): string {
  // Bytes above ASCII may be no valid UTF-8 and would throw; such a name is compared as it stands.
  return /%[89a-f][0-9a-f]/i.test(name) ? name : decodeURIComponent(name);
}
