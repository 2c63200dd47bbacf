import type { LanguageId } from '../../source/source-file.ts';
import type { DataScalar } from '../../syntax/data.ts';

/** A text in the quotes of the scalar that it replaces, or in those that its language asks for. */
export function quoteLike(
  language: LanguageId,
  old: Pick<DataScalar, 'style' | 'raw' | 'value'>,
  text: string,
): string {
  if (old.style === 'double') return `"${text.replace(/[\\"]/g, '\\$&')}"`;
  if (old.style === 'single') return `'${language === 'yaml' ? text.replaceAll("'", "''") : text}'`;
  const bare = /^(?:true|false|null|[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)$/.test(text);
  if (language === 'yaml') return isPlainYaml(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`;
  return bare ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** True where YAML reads the text back as it is without quotes. */
function isPlainYaml(text: string): boolean {
  return /^[A-Za-z0-9_./+-][\w./+@-]*(?::[\w./+@-]+)*$/.test(text) && !/^[-?]$/.test(text);
}
