import type { LanguageId } from '../../source/source-file.ts';
import type { DataScalar } from '../../syntax/data.ts';
import type { Plain } from './key-form.ts';

/** A value in a language's own spelling; beside `before` it keeps that scalar's quotes and letter case. */
export function spell(value: Plain, language: LanguageId, before?: DataScalar): string {
  if (value === null) return 'null';
  if (typeof value === 'object') return `[${value.map((item) => spell(item, language)).join(', ')}]`;
  if (typeof value === 'number') return quoteLike(spellNumber(value), language, before);
  if (typeof value === 'boolean') return spellFlag(value, language, before);
  return spellText(value, language, before);
}

/** Without a dot, YAML 1.1 loaders take an exponent for text. */
function spellNumber(value: number): string {
  const text = String(value).replace(/e\+/, 'e');
  return /^-?\d+e/.test(text) ? text.replace('e', '.0e') : text;
}

function spellFlag(value: boolean, language: LanguageId, before: DataScalar | undefined): string {
  const raw = before?.style === 'plain' && language === 'yaml' ? before.raw : '';
  if (/^(?:True|False)$/.test(raw)) return value ? 'True' : 'False';
  if (/^(?:TRUE|FALSE)$/.test(raw)) return value ? 'TRUE' : 'FALSE';
  if (/^(?:yes|no)$/.test(raw)) return value ? 'yes' : 'no';
  if (/^(?:on|off)$/.test(raw)) return value ? 'on' : 'off';
  return quoteLike(String(value), language, before);
}

/** A number or flag that stood in quotes stays in them. */
function quoteLike(text: string, language: LanguageId, before: DataScalar | undefined): string {
  if (before?.style === 'double' && typeof before.value === 'string' && isBare(before.value)) return `"${text}"`;
  if (before?.style === 'single' && language !== 'json' && isBare(String(before.value))) return `'${text}'`;
  return text;
}

const isBare = (text: string) => /^(?:[-+.\d][\w.+-]*|true|false|True|False|yes|no)$/.test(text);

function spellText(value: string, language: LanguageId, before: DataScalar | undefined): string {
  const escaped = JSON.stringify(value);
  if (language === 'json' || language === 'hcl' || language === 'pbtxt') return escaped;
  if (before?.style === 'single' && !/['\n]/.test(value)) return `'${value}'`;
  if (language === 'toml' || before?.style === 'double') return escaped;
  const plain =
    /^[A-Za-z0-9_./~][^\n#:,[\]{}"'&*!|>%@`]*$/.test(value) &&
    !/^(?:true|false|yes|no|on|off|null|~|[-+.]?\d[\d_.eE+-]*)$/i.test(value) &&
    !/\s$/.test(value);
  return plain ? value : escaped;
}
