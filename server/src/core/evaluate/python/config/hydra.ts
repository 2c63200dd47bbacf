import type { SourceFile } from '../../../source/source-file.ts';
import { itemsOf, type ObjectValue, type Store, type Value } from '../../value.ts';
import type { Machine } from '../machine.ts';
import { configPath, entriesOf, mergeSections, setPath } from './data-value.ts';
import { resolveInterpolations } from './interpolation.ts';
import { loadData } from './load.ts';
import { type Override, overridesOf } from './overrides.ts';

const maximumDepth = 6;

/** A place where a defaults list puts a file. */
interface Chosen {
  readonly path: string;
  /** Section of the whole configuration that it fills; none for the root. */
  readonly section: string;
}

/** Where a configuration lies, and what the command says of it. */
export interface Composed {
  readonly folder: string;
  readonly name: string;
  readonly from: SourceFile;
  readonly overrides?: readonly Override[];
}

/**
 * The configuration that Hydra composes: the named file over those of its defaults list (itself last where `_self_` is not
 * listed), groups as the command chooses them, then the command's values. Undefined where the file is not at hand.
 */
export function composeConfig(machine: Machine, asked: Composed): ObjectValue | undefined {
  const { folder, name, from } = asked;
  const overrides = asked.overrides ?? overridesOf(machine.around.command);
  const groups = new Map(overrides.map((one) => [one.path.replace(/@.*$/, ''), one.text]));
  const used = new Set<string>();
  const read = (path: string, depth: number, inside: string): Value | undefined => {
    const value = loadData(machine, `${folder}/${path}.yaml`.replace(/^\.?\//, ''), from, 'object');
    if (value?.kind !== 'object' || depth > maximumDepth) return value;
    const list = value.fields.get('defaults');
    const own: ObjectValue = { ...value, fields: new Map([...value.fields].filter(([key]) => key !== 'defaults')) };
    const parts: Value[] = [];
    let placed = false;
    for (const item of list?.kind === 'list' ? itemsOf(list) : []) {
      if (item.kind === 'string' && item.value === '_self_') {
        parts.push(own);
        placed = true;
        continue;
      }
      for (const chosen of choicesOf(item, groups, used, inside)) {
        const found = read(chosen.path, depth + 1, folderOf(chosen.path));
        if (found) parts.push(chosen.section === '' ? found : nested(chosen.section, found));
      }
    }
    if (!placed) parts.push(own);
    return parts.length === 1 ? own : mergeSections(parts, value.at);
  };
  const whole = read(name.replace(/\.ya?ml$/, ''), 0, '');
  if (whole?.kind !== 'object') return undefined;
  for (const { path, value, text } of overrides) {
    if (used.has(path) || loadData(machine, `${folder}/${path}/${text}.yaml`.replace(/^\.?\//, ''), from, 'object'))
      continue;
    if (!path.startsWith('hydra.')) setPath(whole.fields, path, value);
  }
  resolveInterpolations(whole.fields);
  return whole;
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function nested(section: string, value: Value): ObjectValue {
  const fields: Store = new Map();
  setPath(fields, section, value);
  return { kind: 'object', path: configPath, fields, at: value.at };
}

/** Files that one item of a defaults list names. */
function choicesOf(
  item: Value,
  groups: ReadonlyMap<string, string>,
  used: Set<string>,
  inside: string,
): readonly Chosen[] {
  const within = (path: string) =>
    path.startsWith('/') || inside === '' ? path.replace(/^\//, '') : `${inside}/${path}`;
  if (item.kind === 'string') {
    const [path = '', section] = item.value.split('@');
    const full = within(path);
    return [{ path: full, section: sectionOf(section, folderOf(full), inside) }];
  }
  const [entry] = entriesOf(item) ?? [];
  if (!entry) return [];
  const [key, option] = entry;
  const [group = '', section] = key.replace(/^(?:(?:optional|override)\s+)+/, '').split('@');
  const full = within(group);
  if (full.startsWith('hydra/')) return [];
  const said = groups.get(full);
  if (said !== undefined) used.add(full);
  const options = said !== undefined ? [said] : textsOf(option);
  return options.map((one) => ({
    path: `${full}/${one.replace(/\.ya?ml$/, '')}`,
    section: sectionOf(section, full, inside),
  }));
}

function textsOf(option: Value): readonly string[] {
  if (option.kind === 'string') return option.value.includes('${') ? [] : [option.value];
  return option.kind === 'list' ? itemsOf(option).flatMap(textsOf) : [];
}

/** The section that a file fills, relative to the file that names it. */
function sectionOf(named: string | undefined, group: string, inside: string): string {
  if (named === '_global_' || named === '_here_' || named === '') return '';
  if (named !== undefined) return named.replace(/^_global_\./, '');
  const relative = inside !== '' && group.startsWith(`${inside}`) ? group.slice(inside.length) : group;
  return relative.replace(/^\//, '').replaceAll('/', '.');
}
