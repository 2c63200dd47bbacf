/** A stand-in for a template brace: one unit as long as the brace, and an ordinary letter for a YAML parser. */
const open = '\ue000';
const close = '\ue001';

/**
 * Makes a templated YAML text readable without moving anything: `{{ x }}` becomes a word of equal length,
 * a line that holds only a template statement (`{% if %}`, `{{- end }}`) becomes a comment.
 */
export function maskTemplates(text: string): string {
  if (!text.includes('{{') && !text.includes('{%')) return text;
  return text
    .replace(
      /^([ \t]*)\{(%.*%\}[ \t]*|\{-?[ \t]*(?:if|else|end|range|with|define|include|template|toYaml)\b.*\}\}[ \t]*)$/gm,
      '$1#$2',
    )
    .replace(/\{\{([^{}\n]*)\}\}/g, (_, inside: string) => open + open + inside.replace(/[:#]/g, open) + close + close);
}

/** The text with the line at `offset` turned into a comment of equal length; undefined where it is one already. */
export function maskLine(text: string, offset: number): string | undefined {
  const start = text.lastIndexOf('\n', Math.max(0, Math.min(offset, text.length) - 1)) + 1;
  const lineBreak = text.indexOf('\n', Math.max(offset, start));
  const end = lineBreak < 0 ? text.length : lineBreak;
  const line = text.slice(start, end);
  const first = line.search(/\S/);
  if (first < 0 || line[first] === '#') return undefined;
  return `${text.slice(0, start + first)}#${text.slice(start + first + 1)}`;
}

/** Deepest bracket nesting of a text, quotes not regarded: a cheap bound before any parse. */
export function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5b || unit === 0x7b) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if ((unit === 0x5d || unit === 0x7d) && depth > 0) depth--;
  }
  return deepest;
}

/** True where dashes or question marks nest hundreds deep on one line. */
export function nestsIndicators(text: string): boolean {
  return /(?:[-?][ \t]+){200}/.test(text);
}
