/** Reasons why a written value fixes nothing, in the user's words; undefined where it does fix one. */
export function openReason(value: unknown, foreignVariables: boolean): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^auto$/i.test(text)) return '"auto": chosen when the job runs';
  if (text === '???') return '"???": must be given on the command line';
  if (/\{\{.*\}\}|\{%.*%\}/.test(text)) return `filled in by a template: ${text.slice(0, 60)}`;
  if (foreignVariables && /\$\{?[A-Za-z_][\w.]*/.test(text))
    return `set by a variable outside this file: ${text.slice(0, 60)}`;
  if (/<(?!\|)[^<>|\n]*[A-Za-z][^<>|\n]*(?<!\|)>/.test(text)) return `a placeholder: ${text.slice(0, 60)}`;
  if (/^(?:todo|fixme|change_?me|replace_?me|none_specified)\b/i.test(text) || /(?:^|[/_\W])your[-_ ]\w/i.test(text)) {
    return `a placeholder: ${text.slice(0, 60)}`;
  }
  return undefined;
}
