import { sameValue } from '../../facts/fact.ts';
import type { TextEdit } from '../../source/span.ts';
import { type DataEntry, type DataNode, entryOf } from '../../syntax/data.ts';
import type { Refusal, SpecChange, WriteResult } from '../reader.ts';
import { type ConfigView, type Found, find } from './config-view.ts';
import type { Setting } from './dialect.ts';
import { insertKey } from './insert-key.ts';
import type { Plain } from './key-form.ts';
import { type KeyTable, type Row, tableRows } from './key-map.ts';
import { wordOf } from './lack.ts';
import { openReason } from './open-values.ts';
import { spell } from './spell.ts';

/** The edits that set one fact: of the settings given, else of the table's rows for it. */
export function writeSettings(
  view: ConfigView,
  table: KeyTable,
  change: SpecChange,
  given: readonly Setting[] | Refusal | undefined,
  keepsAuto: string | undefined,
): WriteResult {
  const settings = given ?? settingsOf(view, table, change);
  if ('refused' in settings) return settings;
  const edits: TextEdit[] = [];
  for (const setting of settings) {
    const edit = editOf(view, table, setting, keepsAuto);
    if (edit && 'refused' in edit) return edit;
    if (edit && !edits.some((one) => one.span.start === edit.span.start)) edits.push(edit);
  }
  return { edits };
}

/**
 * The rows to set: switches that choose a value (`bf16`, `fp16`) are all put right; of the other rows the one that
 * is present; where none of them then says the value, the first row that can say it is added.
 */
function settingsOf(view: ConfigView, table: KeyTable, change: SpecChange): readonly Setting[] | Refusal {
  const rows = tableRows(table).filter((row) => row.form.fact === change.name);
  const settings: Setting[] = [];
  let said = false;
  let named = false;
  for (const row of rows) {
    const present = find(view, row.path);
    if (!present?.own) continue;
    const value = row.form.write(change.value);
    const isSwitch = typeof value === 'boolean' && typeof change.value !== 'boolean';
    if (value === undefined || (named && !isSwitch)) continue;
    if (isSwitch && value === false && !says(row, true)) continue;
    if (!isSwitch) named = true;
    const { keepsCase, follow } = row.form;
    settings.push({
      path: row.path,
      value,
      ...(keepsCase ? { keepsCase } : {}),
      ...(follow ? { follow: (before: string) => follow(change.value, before) } : {}),
    });
    said ||= saysValue(row, value, change);
  }
  if (said) return settings;
  const missing = rows
    .filter((row) => {
      const value = row.form.write(change.value);
      return value !== undefined && saysValue(row, value, change) && !find(view, row.path)?.own;
    })
    .map((row) => ({ row, company: company(view, table, row) }))
    .reduce<{ row: Row; company: number } | undefined>((a, b) => (a && a.company >= b.company ? a : b), undefined)?.row;
  if (missing) return [...settings, { path: missing.path, value: missing.form.write(change.value) ?? null }];
  return { refused: `No key here can say ${String(change.value)} for ${wordOf(change.name)}.` };
}

/** How many keys of the table stand in the map where a row would be added: the block that the file uses has most. */
function company(view: ConfigView, table: KeyTable, row: Row): number {
  const parent = row.path.slice(0, row.path.lastIndexOf('.') + 1);
  return tableRows(table).filter(
    (one) => one.path.startsWith(parent) && !one.path.slice(parent.length).includes('.') && find(view, one.path)?.own,
  ).length;
}

function says(row: Row, value: Plain): boolean {
  return row.form.read(value, String(value)) !== undefined;
}

function saysValue(row: Row, value: Plain, change: SpecChange): boolean {
  const answer = row.form.read(value, String(value));
  return answer !== undefined && 'value' in answer && sameValue(answer.value, change.value);
}

function editOf(
  view: ConfigView,
  table: KeyTable,
  setting: Setting,
  keepsAuto: string | undefined,
): TextEdit | Refusal | undefined {
  const found = definition(view, find(view, setting.path));
  const target = found?.path.join('.');
  if (target !== undefined && target !== setting.path && saysOther(table, setting.path, target)) {
    return { refused: `\`${setting.path}\` follows \`${target}\`, which says something else too.` };
  }
  if (!found?.own) return insertKey(view, table, setting);
  if (found.shared) return overrideShared(view, table, setting, found);
  const { node } = found;
  if (node.kind === 'map') return { refused: `\`${setting.path}\` holds a block of keys, not one value.` };
  if (node.kind === 'list') {
    if (!node.flow) return { refused: `\`${setting.path}\` is a list over several lines; edit it by hand.` };
    return { span: node.span, text: spell(setting.value, view.file.languageId) };
  }
  if (node.value === 'auto' && keepsAuto) return { refused: keepsAuto };
  if (view.interpolation === 'omegaconf' && typeof node.value === 'string' && node.value.includes('${')) {
    return { refused: `\`${setting.path}\` is computed from other values: ${node.value.slice(0, 60)}.` };
  }
  const reason = node.value === 'auto' ? undefined : openReason(node.value, true);
  if (reason && !/placeholder|\?\?\?/.test(reason)) return { refused: `\`${setting.path}\` is ${reason}.` };
  if (node.style === 'literal' || node.style === 'folded')
    return { refused: `\`${setting.path}\` is a block of text.` };
  const followed = setting.follow?.(String(node.value));
  const value = followed ?? (setting.keepsCase ? likeBefore(setting.value, node.value) : setting.value);
  const text = spell(value, view.file.languageId, node);
  if (text === node.raw) return undefined;
  const gap = node.raw === '' && !/\s/.test(view.file.text[node.span.start - 1] ?? ' ') ? ' ' : '';
  return { span: node.span, text: gap + text };
}

/** What comes through an anchor is given here a value of its own: the alias makes way for it, a merged key is overridden. */
function overrideShared(view: ConfigView, table: KeyTable, setting: Setting, found: Found): TextEdit | Refusal {
  let map: DataNode = view.root;
  for (const step of found.path.slice(0, -1)) {
    const entry: DataEntry | undefined = entryOf(map, step);
    if (!entry || entry.shared) {
      return { refused: 'The whole block comes through a YAML anchor; changing it would change other places too.' };
    }
    map = entry.value;
  }
  const { end } = found.keySpan;
  const alias = /^["']?\s*:\s*(\*[^\s,\]}]+)/.exec(view.file.text.slice(end, end + 200));
  if (!alias?.[1]) return insertKey(view, table, { ...setting, path: found.path.join('.') });
  const start = end + alias[0].length - alias[1].length;
  const span = { uri: view.file.uri, start, end: start + alias[1].length };
  return { span, text: spell(setting.value, view.file.languageId) };
}

/** A word in the letter case of the one before it. */
function likeBefore(value: Plain, before: unknown): Plain {
  const upper = typeof before === 'string' && /[A-Z]/.test(before) && before === before.toUpperCase();
  return upper && typeof value === 'string' ? value.toUpperCase() : value;
}

/** True where the key that a value is taken from states a fact of its own. */
function saysOther(table: KeyTable, path: string, target: string): boolean {
  const facts = (at: string) => tableRows(table).flatMap((row) => (row.path === at ? [row.form.fact] : []));
  const own = facts(path);
  return facts(target).some((fact) => !own.includes(fact));
}

/** The place where a value is spelled: the key itself, or the key of this file that it wholly refers to. */
function definition(view: ConfigView, found: Found | undefined, steps = 0): Found | undefined {
  if (view.interpolation === 'foreign' || found?.node.kind !== 'scalar' || steps > 10) return found;
  const target = /^\$\{([\w-]+(?:\.[\w-]+)*)\}$/.exec(String(found.node.value).trim())?.[1];
  const next =
    target === undefined
      ? undefined
      : (find(view, target) ??
        (view.interpolationRoot ? find(view, `${view.interpolationRoot}.${target}`) : undefined));
  return next?.own ? definition(view, next, steps + 1) : found;
}
