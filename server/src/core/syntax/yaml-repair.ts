/** Signs that mean something to YAML and their stand-ins inside templates: private letters, one for one. */
const signs: Readonly<Record<string, string>> = {
  '{': '\ue000',
  '}': '\ue001',
  ':': '\ue002',
  '#': '\ue003',
  ',': '\ue004',
  '[': '\ue005',
  ']': '\ue006',
  '"': '\ue007',
  "'": '\ue008',
};
const meant = new Map(Object.entries(signs).map(([sign, letter]) => [letter, sign]));
const hide = (text: string) => text.replace(/[{}:#,[\]"']/g, (sign) => signs[sign] ?? sign);

/**
 * Makes a templated YAML text readable without moving anything: `{{ x }}` and `${x}` become words of equal length,
 * a line that holds only a template statement (`{% if %}`, `{{- end }}`) becomes a comment.
 */
export function maskTemplates(text: string): string {
  if (!text.includes('{{') && !text.includes('{%') && !text.includes('${')) return text;
  let masked = text
    .replace(
      /^([ \t]*)\{(%.*%\}[ \t]*|\{-?[ \t]*(?:if|else|end|range|with|define|include|template|toYaml)\b.*\}\}[ \t]*)$/gm,
      '$1#$2',
    )
    .replace(/\{\{[^{}\n]*\}\}/g, hide);
  for (let pass = 0; pass < 3 && masked.includes('${'); pass++) {
    masked = masked.replace(/\$\{[^{}\n]*\}/g, hide);
  }
  return masked;
}

/** A masked text with the signs put back. */
export function unmaskTemplates(text: string): string {
  return text.replace(/[\ue000-\ue008]/g, (letter) => meant.get(letter) ?? letter);
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
