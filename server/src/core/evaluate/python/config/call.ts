import { type Arguments, itemsOf, listOf, type ObjectValue, type Store, unknown, type Value } from '../../value.ts';
import type { Asked, Frame, Machine } from '../machine.ts';
import { printValue } from '../operator.ts';
import { configPath, entriesOf, mergeSections, setPath } from './data-value.ts';
import { composeConfig } from './hydra.ts';
import { resolveInterpolations } from './interpolation.ts';
import { callLoader, loadData, pathOf } from './load.ts';
import { type Override, overridesOf } from './overrides.ts';

const concerns = /OmegaConf|^hydra\.|load/;

/** Calls that read configuration files and compose what they hold; undefined for every other. */
export function callConfig(asked: Asked): Value | undefined {
  const { path, owner } = asked;
  if (owner?.kind === 'object' && owner.path === configPath) return callSection(asked, owner);
  if (!concerns.test(path)) return undefined;
  const name = /(?:^|\.)OmegaConf\.(\w+)$/.exec(path)?.[1];
  if (name !== undefined) return callOmegaConf(asked, name);
  switch (path) {
    case 'hydra.initialize':
    case 'hydra.initialize_config_dir':
    case 'hydra.experimental.initialize':
      asked.machine.settings.set(
        'hydra.config_path',
        asked.given.keywords.get('config_path') ?? asked.given.positional[0] ?? { kind: 'none', at: asked.at },
      );
      return undefined;
    case 'hydra.compose':
    case 'hydra.experimental.compose':
      return compose(asked);
    case 'hydra.utils.instantiate':
    case 'hydra.utils.call':
      return instantiateTarget(asked);
    default:
      return callLoader(asked);
  }
}

function callOmegaConf(asked: Asked, name: string): Value | undefined {
  const { machine, given, frame, at } = asked;
  const [first] = given.positional;
  switch (name) {
    case 'load': {
      const path = pathOf(first ?? given.keywords.get('file_'));
      if (path === undefined) return undefined;
      const loaded = loadData(machine, path, frame.module.file, 'object');
      if (loaded?.kind === 'object') resolveInterpolations(loaded.fields);
      return loaded ?? unknown(`is read from ${path}`, at);
    }
    case 'merge':
    case 'unsafe_merge': {
      const unread = given.positional.find((one) => !entriesOf(one) && one.kind !== 'none' && one.kind !== 'class');
      if (unread) return unread.kind === 'unknown' ? unread : undefined;
      const parts = given.positional.map((one) =>
        one.kind === 'class' ? machine.call(one, noWords, asked.node, frame) : one,
      );
      const merged = mergeSections(parts, at);
      resolveInterpolations(merged.fields);
      return merged;
    }
    case 'from_cli':
    case 'from_dotlist': {
      const fields: Store = new Map();
      const words =
        name === 'from_dotlist' && first?.kind === 'list'
          ? dotted(itemsOf(first))
          : overridesOf(machine.around.command);
      for (const { path, value } of words) setPath(fields, path, value);
      return { kind: 'object', path: configPath, fields, at };
    }
    case 'structured':
      return first?.kind === 'class' ? machine.call(first, given, asked.node, frame) : first;
    case 'to_container':
    case 'to_object':
      return first && toContainer(first);
    case 'resolve':
    case 'set_struct':
    case 'set_readonly':
      return { kind: 'none', at };
    default:
      return undefined;
  }
}

const noWords: Arguments = { positional: [], keywords: new Map(), open: false };

function toContainer(value: Value): Value {
  if (value.kind === 'list') return { ...value, ...listOf(itemsOf(value).map(toContainer), value.at) };
  if (value.kind !== 'object' || value.path !== configPath) return value;
  return {
    kind: 'dict',
    store: new Map([...value.fields].map(([name, one]) => [name, toContainer(one)])),
    at: value.at,
  };
}

function dotted(items: readonly Value[]): readonly Override[] {
  return items.flatMap((one) => {
    if (one.kind !== 'string') return [];
    return overridesOf({ environment: new Map(), words: [{ text: one.value, span: one.at }] });
  });
}

/** Methods of a configuration object. */
function callSection({ path, given, at }: Asked, owner: ObjectValue): Value | undefined {
  const [first, second] = given.positional;
  const text = (value: string): Value => ({ kind: 'string', value, at: owner.at, derived: true });
  switch (path.slice(path.lastIndexOf('.') + 1)) {
    case 'get':
    case 'pop': {
      const key = first && printValue(first);
      return key === undefined ? undefined : (owner.fields.get(key) ?? second ?? { kind: 'none', at });
    }
    case 'keys':
      return listOf([...owner.fields.keys()].map(text), owner.at);
    case 'values':
      return listOf([...owner.fields.values()], owner.at);
    case 'items':
      return listOf(
        [...owner.fields].map(([name, value]) => listOf([text(name), value], at, true)),
        owner.at,
      );
    case 'copy':
      return { ...owner, fields: new Map(owner.fields) };
    default:
      return undefined;
  }
}

function compose(asked: Asked): Value | undefined {
  const { machine, given, frame, at } = asked;
  const folder = machine.settings.get('hydra.config_path');
  const name = given.keywords.get('config_name') ?? given.positional[0];
  const list = given.keywords.get('overrides') ?? given.positional[1];
  if (name?.kind !== 'string') return undefined;
  const overrides = list?.kind === 'list' ? dotted(itemsOf(list)) : [];
  const from = frame.module.file;
  const made = composeConfig(machine, {
    folder: folder?.kind === 'string' ? folder.value : '.',
    name: name.value,
    from,
    overrides,
  });
  return made ?? unknown(`is composed from ${name.value}.yaml`, at);
}

/** `instantiate(cfg.optimizer, params)`: a call of what `_target_` names, with the section's entries as keywords. */
function instantiateTarget({ machine, given, node, frame, at }: Asked): Value | undefined {
  const [section, ...positional] = given.positional;
  const entries = entriesOf(section);
  const target = entries?.get('_target_');
  if (!entries || target?.kind !== 'string') return undefined;
  const keywords = new Map([...[...entries].filter(([name]) => !/^_\w+_$/.test(name)), ...given.keywords]);
  const callee: Value = { kind: 'reference', path: target.value, at };
  return machine.call(callee, { positional, keywords, open: given.open }, node, frame);
}

/** What `@hydra.main(config_path=..., config_name=...)` hands to its function; undefined under any other decorator. */
export function configOfDecorators(machine: Machine, decorators: readonly Value[], frame: Frame): Value | undefined {
  const mark = decorators.find((one) => one.kind === 'object' && /(^|\.)hydra\.main$/.test(one.path));
  if (mark?.kind !== 'object' || !mark.call) return undefined;
  const { keywords, positional } = mark.call;
  const name = keywords.get('config_name') ?? positional[1];
  const folder = keywords.get('config_path') ?? positional[0];
  const chosen = wordOf(machine, '--config-name') ?? (name?.kind === 'string' ? name.value : undefined);
  if (chosen === undefined) return undefined;
  const where = wordOf(machine, '--config-path') ?? (folder?.kind === 'string' ? folder.value : '.');
  return composeConfig(machine, { folder: where, name: chosen, from: frame.module.file });
}

function wordOf(machine: Machine, flag: string): string | undefined {
  const words = machine.around.command?.words ?? [];
  const index = words.findIndex(({ text }) => text === flag || text.startsWith(`${flag}=`));
  const word = words[index];
  return word?.text === flag ? words[index + 1]?.text : word?.text.slice(flag.length + 1);
}
