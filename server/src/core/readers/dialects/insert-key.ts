import { lineAt, lineBreak, lineEnd, lineStarts } from '../../source/lines.ts';
import type { TextEdit } from '../../source/span.ts';
import type { DataEntry, DataMap, DataNode } from '../../syntax/data.ts';
import { entryOf } from '../../syntax/data.ts';
import type { Refusal } from '../reader.ts';
import { type ConfigView, stepsOf } from './config-view.ts';
import type { Setting } from './dialect.ts';
import type { Plain } from './key-form.ts';
import { type KeyTable, tableRows } from './key-map.ts';
import { spell } from './spell.ts';

/** Adds a key beside its nearest neighbour of the table, with that neighbour's indentation; missing maps are made. */
export function insertKey(view: ConfigView, table: KeyTable, setting: Setting): TextEdit | Refusal {
  const steps = stepsOf(setting.path);
  let map: DataMap = view.root;
  let depth = 0;
  while (depth < steps.length - 1) {
    const entry = entryOf(map, steps[depth] ?? '');
    if (!entry) break;
    if (entry.value.kind !== 'map')
      return { refused: `\`${steps.slice(0, depth + 1).join('.')}\` is no block of keys here.` };
    if (entry.shared)
      return { refused: 'This block comes through a YAML anchor; changing it would change other places too.' };
    map = entry.value;
    depth++;
  }
  const missing = steps.slice(depth);
  if (missing.some((step) => /^\d+$/.test(step)))
    return { refused: `\`${setting.path}\` is missing, and a list item cannot be made here.` };
  const neighbour = nearest(map, steps, depth, table);
  const language = view.file.languageId;
  if (language === 'toml') return insertToml(view, map, neighbour, steps, depth, setting.value);
  if (map.flow) return insertFlow(view, map, neighbour, missing, setting.value);
  if (!neighbour) return { refused: 'There is no key beside which it could stand.' };
  return insertBlock(view, neighbour, missing, setting.value);
}

/** The own entry of a map that stands nearest to a key in the table; the last entry where none is known. */
function nearest(map: DataMap, steps: readonly string[], depth: number, table: KeyTable): DataEntry | undefined {
  const prefix = steps
    .slice(0, depth)
    .map((step) => `${step}.`)
    .join('');
  const order: string[] = [];
  for (const row of tableRows(table)) {
    if (!row.path.startsWith(prefix)) continue;
    const key = stepsOf(row.path.slice(prefix.length))[0] ?? '';
    if (!order.includes(key)) order.push(key);
  }
  const own = map.entries.filter((entry) => !entry.shared);
  const at = order.indexOf(steps[depth] ?? '');
  for (let away = 1; at >= 0 && away < order.length; away++) {
    for (const key of [order[at - away], order[at + away]]) {
      const entry = own.findLast((one) => one.key === key);
      if (entry) return entry;
    }
  }
  return own.at(-1);
}

function insertBlock(view: ConfigView, beside: DataEntry, missing: readonly string[], value: Plain): TextEdit {
  const { file } = view;
  const indent = indentAt(view, beside.keySpan.start);
  const end = lineEnd(file, endOf(beside.value, beside.keySpan.end, file.text));
  const lines = missing.map((key, index) => {
    const last = index === missing.length - 1;
    return `${indent}${'  '.repeat(index)}${key}:${last ? ` ${spell(value, file.languageId)}` : ''}`;
  });
  return at(view, end, lines.map((line) => lineBreak(view.file) + line).join(''));
}

function insertFlow(
  view: ConfigView,
  map: DataMap,
  beside: DataEntry | undefined,
  missing: readonly string[],
  value: Plain,
): TextEdit {
  const { file } = view;
  const quoted =
    file.languageId === 'json' ||
    (beside !== undefined && /"/.test(file.text.slice(beside.keySpan.start - 1, beside.keySpan.start + 1)));
  const key = (name: string) => (quoted ? JSON.stringify(name) : name);
  const inline = missing
    .slice(1)
    .reduceRight((inner, name) => `{${key(name)}: ${inner}}`, spell(value, quoted ? 'json' : file.languageId));
  const entry = `${key(missing[0] ?? '')}: ${inline}`;
  if (!beside)
    return at(
      view,
      map.span.start + 1,
      map.entries.length === 0 && !/\S/.test(file.text.slice(map.span.start + 1, map.span.end - 1))
        ? entry
        : `${entry}, `,
    );
  const end = endOf(beside.value, beside.keySpan.end, file.text);
  const starts = lineStarts(file);
  const lineStart = starts[lineAt(file, beside.keySpan.start)] ?? 0;
  const before = file.text.slice(lineStart, beside.keySpan.start).replace(/["']$/, '');
  return at(view, end, /^\s*$/.test(before) ? `,${lineBreak(view.file)}${before}${entry}` : `, ${entry}`);
}

function insertToml(
  view: ConfigView,
  map: DataMap,
  beside: DataEntry | undefined,
  steps: readonly string[],
  depth: number,
  value: Plain,
): TextEdit | Refusal {
  const { file } = view;
  const key = steps.at(-1) ?? '';
  const line = `${key} = ${spell(value, 'toml')}`;
  if (depth === steps.length - 1) {
    const scalar = map.entries.findLast((entry) => entry.value.kind !== 'map' && !entry.shared);
    const place = beside && beside.value.kind !== 'map' ? beside : scalar;
    if (!place || map.flow) return { refused: 'There is no key beside which it could stand.' };
    const indent = indentAt(view, place.keySpan.start);
    return at(
      view,
      lineEnd(file, endOf(place.value, place.keySpan.end, file.text)),
      lineBreak(view.file) + indent + line,
    );
  }
  const newline = lineBreak(view.file);
  const gap = file.text === '' || file.text.endsWith('\n') ? newline : newline + newline;
  return at(view, file.text.length, `${gap}[${steps.slice(0, -1).join('.')}]${newline}${line}${newline}`);
}

/** The end of a value, with what is nested in it and without the line breaks behind it. */
function endOf(node: DataNode, keyEnd: number, text: string): number {
  let end = Math.max(keyEnd, node.span.end);
  while (end > keyEnd && /\s/.test(text[end - 1] ?? '')) end--;
  return end;
}

/** The blank that stands before a key; a list dash before it counts as a blank. */
function indentAt(view: ConfigView, offset: number): string {
  const start = lineStarts(view.file)[lineAt(view.file, offset)] ?? 0;
  return view.file.text.slice(start, offset).replace(/[^\t]/g, ' ');
}

function at(view: ConfigView, offset: number, text: string): TextEdit {
  return { span: { uri: view.file.uri, start: offset, end: offset }, text };
}
