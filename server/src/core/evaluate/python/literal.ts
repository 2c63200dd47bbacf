/** The number that a Python literal spells; undefined for complex numbers and broken text. */
export function readNumber(source: string): { readonly value: number; readonly float: boolean } | undefined {
  const plain = source.replaceAll('_', '');
  if (/^0[xob]/i.test(plain)) {
    const value = Number(plain);
    return Number.isFinite(value) ? { value, float: false } : undefined;
  }
  if (!/^(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return undefined;
  return { value: Number(plain), float: /[.e]/i.test(plain) };
}

/** The number in a text as Python's `int()` and `float()` take it. */
export function parseNumber(text: string): { readonly value: number; readonly float: boolean } | undefined {
  const trimmed = text.trim();
  const sign = trimmed.startsWith('-') ? -1 : 1;
  const read = readNumber(trimmed.replace(/^[-+]/, ''));
  return read && { value: sign * read.value, float: read.float };
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
  '0': '\0',
};

/** The text that the inside of a string literal spells. */
export function decodeText(text: string, raw: boolean): string {
  if (raw || !text.includes('\\')) return text;
  return text.replace(/\\(x[0-9a-f]{2}|u[0-9a-f]{4}|[\s\S])/gi, (all, code: string) => {
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return escapes[code] ?? all;
  });
}

/** A number as Python prints it. */
export function printNumber(value: number, float: boolean): string {
  if (!float || !Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return value.toFixed(1);
  if (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e16) return String(value);
  return value.toExponential().replace(/e([-+])(\d)$/, 'e$10$2');
}

/** A number under a Python format specification (`.2f`, `02d`, `,`); undefined where the specification is another. */
export function formatNumber(value: number, float: boolean, format: string): string | undefined {
  if (format === '' || format === 'd') return printNumber(value, float);
  const match = /^(0?)(\d*)(,?)(?:\.(\d+))?([defg%]?)$/.exec(format);
  if (!match) return undefined;
  const [, zero, width, comma, digits, type] = match;
  let text = printNumber(value, float);
  if (type === 'f') text = value.toFixed(digits ? Number(digits) : 6);
  else if (type === 'e') text = value.toExponential(digits ? Number(digits) : 6).replace(/e([-+])(\d)$/, 'e$10$2');
  else if (type === '%') text = `${(value * 100).toFixed(digits ? Number(digits) : 6)}%`;
  else if (digits) return undefined;
  if (comma) text = text.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return width ? text.padStart(Number(width), zero ? '0' : ' ') : text;
}
