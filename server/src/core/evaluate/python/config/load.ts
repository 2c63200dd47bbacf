import type { SourceFile } from '../../../source/source-file.ts';
import { unknown, type Value } from '../../value.ts';
import type { Asked, Machine } from '../machine.ts';
import { type DataForm, valueOfData } from './data-value.ts';

/** The path of the file that a value stands for: a path, what `open` answers, or what was read from it. */
export function pathOf(value: Value | undefined, depth = 0): string | undefined {
  if (value?.kind === 'string') return value.value;
  if (value?.kind !== 'object' || !value.call || depth > 4) return undefined;
  if (/^(builtins|io|codecs|gzip)\.open$/.test(value.path))
    return pathOf(value.call.positional[0] ?? value.call.keywords.get('file'), depth + 1);
  return /\.(read|read_text|open)$/.test(value.path) ? pathOf(value.call.receiver, depth + 1) : undefined;
}

/** What a data file of the workspace holds; undefined where it is not at hand. */
export function loadData(machine: Machine, path: string, from: SourceFile, form: DataForm): Value | undefined {
  const file = machine.around.load(path, from);
  if (!file || !machine.around.data || !/^(yaml|json|toml)$/.test(file.languageId)) return undefined;
  const root = machine.around.data(file)[0]?.root;
  return root && valueOfData(root, form);
}

const loaders =
  /^(yaml|ruamel\.yaml|json|json5|toml|tomllib|tomli|rtoml|commentjson|pyjson5|ruamel_yaml)\.(safe_load|load|loads|full_load|unsafe_load|round_trip_load)$|(^|\.)YAML\.load$/;

/** `yaml.safe_load(open("x.yaml"))`, `json.load(f)`, `tomllib.load(f)`: the file's contents, at their places in it. */
export function callLoader(asked: Asked): Value | undefined {
  const { path, given, machine, frame, at } = asked;
  if (!loaders.test(path)) return undefined;
  const source = given.positional[0] ?? given.keywords.get('stream');
  const name = pathOf(source);
  if (name === undefined) return undefined;
  return loadData(machine, name, frame.module.file, 'dictionary') ?? unknown(`is read from ${name}`, at);
}
