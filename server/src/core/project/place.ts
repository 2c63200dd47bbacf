/** Where a cursor stands in a mapping text: what is above it, and what it could be writing. Lists are the step `-`. */
export interface Place {
  readonly path: readonly string[];
  /** A key of the mapping under `path`, or the value of `key` in it. */
  readonly role: 'key' | 'value';
  readonly key?: string;
  /** Keys that the mapping has already. */
  readonly present: readonly string[];
  /** The word that is being written, as offsets. */
  readonly start: number;
  readonly end: number;
  /** Spaces before a key of this mapping. */
  readonly indent: number;
  /** True inside braces or brackets. */
  readonly flow: boolean;
}

/** One line of block text: dashes of list items, and the key. */
interface Line {
  readonly start: number;
  readonly text: string;
  /** Columns of the dashes. */
  readonly dashes: readonly number[];
  /** Column at which the key or the value begins. */
  readonly column: number;
  readonly key?: string;
  /** Column after the key's colon. */
  readonly after?: number;
}

/**
 * The place of a cursor in the text of a project file, which need not be whole: someone is typing. By lines and their
 * indents, with braces inside a line; undefined inside a comment.
 */
export function placeAt(text: string, offset: number): Place | undefined {
  const lines = linesOf(text);
  const at = lines.findLastIndex(({ start }) => start <= offset);
  const line = lines[at];
  if (!line) return undefined;
  const before = text.slice(line.start, offset);
  if (/(^|\s)#/.test(before)) return undefined;
  const column = offset - line.start;
  const here = line.text.trim() === '' ? { ...line, column } : line;
  const around = surroundings(lines, at, here);
  if (here.key === undefined && /^[{[]/.test(line.text.slice(here.column)) && column > here.column)
    return inValue(text.slice(line.start + here.column, offset), offset, undefined, around, here.column);
  if (here.key === undefined || here.after === undefined || column < here.after) {
    const start = line.start + Math.min(here.column, column);
    const end = here.after === undefined ? offset : line.start + here.after - 1;
    return { ...around, role: 'key', start, end, indent: here.column, flow: false };
  }
  return inValue(text.slice(line.start + here.after, offset), offset, here.key, around, here.column);
}

function linesOf(text: string): readonly Line[] {
  let start = 0;
  return text.split('\n').map((raw) => {
    const line = lineOf(raw.replace(/\r$/, ''), start);
    start += raw.length + 1;
    return line;
  });
}

function lineOf(text: string, start: number): Line {
  const dashes: number[] = [];
  let column = text.length - text.trimStart().length;
  while (/^-(\s|$)/.test(text.slice(column))) {
    dashes.push(column);
    const rest = text.slice(column + 1);
    column += 1 + (rest.length - rest.trimStart().length);
  }
  const match = /^("[^"]*"|'[^']*'|[^\s#{}[\],][^#{}[\],]*?)\s*:(?=\s|$)/.exec(text.slice(column));
  if (!match?.[1]) return { start, text, dashes, column };
  return { start, text, dashes, column, key: unquoted(match[1]), after: column + match[0].length };
}

/** The keys above a line by indent, and those beside it. */
function surroundings(lines: readonly Line[], at: number, here: Line): Pick<Place, 'path' | 'present'> {
  const path: string[] = [];
  const present: string[] = [];
  // A list may stand under its key at the key's own column, so keys and dashes have limits of their own.
  let keysBelow = here.column;
  let dashesBelow = here.column;
  const enter = (dashes: readonly number[]): boolean => {
    const inside = dashes.filter((dash) => dash < dashesBelow).toReversed();
    for (const dash of inside) {
      path.unshift('-');
      dashesBelow = dash;
      keysBelow = dash + 1;
    }
    return inside.length > 0;
  };
  let beside = !enter(here.dashes);
  for (let i = at - 1; i >= 0; i -= 1) {
    const line = lines[i];
    if (!line || isBlank(line)) continue;
    if (beside && line.column === here.column && line.key !== undefined) present.push(line.key);
    if (line.key !== undefined && line.column < keysBelow) {
      path.unshift(line.key);
      keysBelow = line.column;
      dashesBelow = line.column;
      beside = false;
    }
    if (enter(line.dashes)) beside = false;
  }
  for (const line of lines.slice(at + 1)) {
    if (isBlank(line)) continue;
    if (line.column < here.column || line.dashes.length > 0) break;
    if (line.column === here.column && line.key !== undefined) present.push(line.key);
  }
  return { path, present: [...new Set(present)] };
}

function isBlank({ text }: Line): boolean {
  return /^\s*(#.*)?$/.test(text);
}

/** The place in what stands after a key's colon, up to the cursor, or of an item without a key: a plain value, or inside braces. */
function inValue(
  written: string,
  offset: number,
  key: string | undefined,
  around: Pick<Place, 'path' | 'present'>,
  indent: number,
): Place {
  interface Frame {
    readonly map: boolean;
    readonly keys: string[];
    key: string | undefined;
  }
  const frames: Frame[] = [];
  let from = 0;
  for (let i = 0; i < written.length; i += 1) {
    const sign = written[i] ?? '';
    const frame = frames.at(-1);
    if (sign === '"' || sign === "'") {
      const close = written.indexOf(sign, i + 1);
      if (close < 0) break;
      i = close;
    } else if (sign === '{' || sign === '[') {
      frames.push({ map: sign === '{', keys: [], key: undefined });
      from = i + 1;
    } else if (sign === '}' || sign === ']') frames.pop();
    else if (sign === ',' && frame) {
      frame.key = undefined;
      from = i + 1;
    } else if (sign === ':' && frame?.map && /^\s?$/.test(written[i + 1] ?? '')) {
      frame.key = unquoted(written.slice(from, i).trim());
      frame.keys.push(frame.key);
      from = i + 1;
    }
  }
  const word = written.slice(from);
  const start = offset - word.trimStart().length;
  const last = frames.at(-1);
  const own = key === undefined ? [] : [key];
  if (!last)
    return { ...around, role: 'value', ...(key !== undefined && { key }), start, end: offset, indent, flow: false };
  const inner = frames.slice(0, -1).flatMap((frame) => (frame.map ? (frame.key ?? []) : '-'));
  const path = [...around.path, ...own, ...inner, ...(last.map ? [] : ['-'])];
  const common = { path, present: last.keys, start, end: offset, indent, flow: true };
  return last.map && last.key !== undefined ? { ...common, role: 'value', key: last.key } : { ...common, role: 'key' };
}

function unquoted(word: string): string {
  return /^(["']).*\1$/.test(word) ? word.slice(1, -1) : word;
}
