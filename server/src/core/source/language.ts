import type { LanguageId } from './source-file.ts';

const byExtension: Readonly<Record<string, LanguageId>> = {
  py: 'python',
  ipynb: 'notebook',
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  jsonc: 'json',
  json5: 'json',
  toml: 'toml',
  sh: 'bash',
  bash: 'bash',
  zsh: 'bash',
  sbatch: 'bash',
  slurm: 'bash',
  submit: 'bash',
  job: 'bash',
  env: 'bash',
  tf: 'hcl',
  tfvars: 'hcl',
  hcl: 'hcl',
  pbtxt: 'pbtxt',
  textproto: 'pbtxt',
  md: 'markdown',
  j2: 'yaml',
  tpl: 'yaml',
};

/** The language of a document by its name, or by its first line where the name says nothing; undefined for what no reader reads. */
export function languageOf(uri: string, text: string): LanguageId | undefined {
  const name = uri.slice(uri.lastIndexOf('/') + 1).toLowerCase();
  const stem = name.replace(/[.-](j2|jinja2?|tpl|template|tmpl|example|sample|dist|in)$/, '');
  if (/^(?:requirements|constraints)[^/]*\.txt$/.test(name)) return 'text';
  if (name === 'uv.lock') return 'toml';
  const extension = stem.includes('.') ? stem.slice(stem.lastIndexOf('.') + 1) : '';
  return byExtension[extension] ?? byExtension[name.slice(name.lastIndexOf('.') + 1)] ?? byFirstLine(text);
}

function byFirstLine(text: string): LanguageId | undefined {
  if (!text.startsWith('#!')) return undefined;
  const line = text.slice(0, text.indexOf('\n') < 0 ? 80 : text.indexOf('\n'));
  if (/\b(bash|sh|zsh)\b/.test(line)) return 'bash';
  return /\bpython/.test(line) ? 'python' : undefined;
}

/** True for text that is no text: a NUL within the first part is what binary files have. */
export function isBinary(text: string): boolean {
  return text.slice(0, 8000).includes('\0');
}
