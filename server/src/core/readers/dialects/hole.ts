import type { DataScalar } from '../../syntax/data.ts';

/**
 * Why a text does not fix a value before run time: a template, an environment variable, a placeholder, a reference.
 * Undefined for a text that says what it means.
 */
export function holeIn(text: string, style: DataScalar['style'] = 'plain'): string | undefined {
  if (/\{\{[\s\S]*\}\}/.test(text)) return 'A template fills this in.';
  const variable = /\$\{?\{?\s*([A-Za-z_][\w.:]*)/.exec(text)?.[1] ?? /\$\(([A-Za-z_]\w*)\)/.exec(text)?.[1];
  if (variable !== undefined) return `${variable} is set where the job is started.`;
  if (style === 'expression') return 'This is worked out when the plan is made.';
  if (/^<[^<>]+>$/.test(text) || /^\[(?:YOUR|INSERT|PUT)[^\]]*\]$/i.test(text)) return 'This is a placeholder.';
  if (
    /^(?:your|my)[-_ ]own[-_ ]|^(?:TODO|CHANGE_?ME|REPLACE_?ME|TBD|FIXME|PLACEHOLDER)\b|^\?\?\?$|^x{3,}$/i.test(text)
  ) {
    return 'This is a placeholder.';
  }
  if (/^(?:YOUR|PLACEHOLDER|CHANGE|REPLACE|INSERT)_[A-Z0-9_]+$/.test(text)) return 'This is a placeholder.';
  return undefined;
}
