import {
  type Arguments,
  itemsOf,
  listOf,
  type ObjectValue,
  type Store,
  truthOf,
  unknown,
  type Value,
} from '../value.ts';
import { argument, noArguments } from './arguments.ts';
import { fieldsOf } from './class.ts';
import { convertText, flagName, type GivenWords, guessKeywords, guessWords, sortWords } from './command-words.ts';
import { loadData } from './config/load.ts';
import { loadFile } from './import.ts';
import { type Asked, type Machine, note } from './machine.ts';

/** Calls of the libraries that read a command line; undefined for every other call. */
export function callCommandLine(asked: Asked): Value | undefined {
  const { path, given, owner, machine, at } = asked;
  const name = path.slice(path.lastIndexOf('.') + 1);
  const [first] = given.positional;
  if (path === 'click.command') return callDecorated(asked);
  if (/^(typer\.Typer|cyclopts\.App)\(\)$/.test(path)) return callCommands(asked);
  if (owner?.kind === 'object' && /Parser$/.test(owner.path)) return callParser(asked, owner, name);
  if (name === 'add_config_arguments' || name === 'add_argparse_args' || name === 'add_cli_args') return first;
  if (path.endsWith('config_flags.DEFINE_config_file')) return defineConfigFile(asked);
  if (/^flags\.|(^|\.)absl\.flags\./.test(path) && name.startsWith('DEFINE_')) return defineFlag(asked);
  if (
    /^(tyro\.cli|tyro\.extras\.\w+|simple_parsing\.parse|draccus\.parse|chz\.entrypoint|pyrallis\.parse)$/.test(path) &&
    first
  )
    return startWith(asked, first);
  if (
    /^(fire\.Fire|typer\.run|jsonargparse\.(CLI|auto_cli)|defopt\.run|fire\.core\.Fire|\w*\.?auto_cli)$/.test(path) &&
    first
  )
    return startWith(asked, first);
  if (/^(absl\.)?app\.run$/.test(path) && first?.kind === 'function')
    return machine.call(
      first,
      { ...noArguments, positional: [unknown('is the command line', at)] },
      asked.node,
      asked.frame,
    );
  return undefined;
}

function callParser(asked: Asked, parser: ObjectValue, name: string): Value | undefined {
  const { machine, given, at } = asked;
  switch (name) {
    case 'add_argument':
    case 'add_arg':
      return addOption(asked, parser);
    case 'add_argument_group':
    case 'add_mutually_exclusive_group':
      return parser;
    case 'set_defaults':
      for (const [key, value] of given.keywords) machine.journal.set(parser.fields, `default ${key}`, value);
      return { kind: 'none', at };
    case 'add_arguments':
      if (given.positional[0]) {
        const key = given.keywords.get('dest') ?? given.positional[1];
        if (key?.kind === 'string') machine.journal.set(parser.fields, `class ${key.value}`, given.positional[0]);
      }
      return { kind: 'none', at };
    case 'parse_args':
      return parseOptions(asked, parser);
    case 'parse_known_args':
    case 'parse_known_intermixed_args':
      return listOf([parseOptions(asked, parser), listOf([], at)], at, true);
    case 'parse_args_into_dataclasses':
    case 'parse_args_and_config':
    case 'parse_dict':
    case 'parse_json_file':
    case 'parse_yaml_file':
    case 'parse':
      return parseClasses(asked, parser);
    default:
      return undefined;
  }
}

function addOption(asked: Asked, parser: ObjectValue): Value {
  const { machine, given, at } = asked;
  const flags = given.positional.flatMap((one) => (one.kind === 'string' ? [one.value] : []));
  const long = flags.find((one) => one.startsWith('--')) ?? flags[0];
  const dest = given.keywords.get('dest');
  const name = dest?.kind === 'string' ? dest.value : long === undefined ? undefined : flagName(long);
  if (name !== undefined) {
    const fields: Store = new Map(given.keywords);
    fields.set('flags', listOf(given.positional, at));
    machine.journal.set(parser.fields, `option ${name}`, { kind: 'object', path: 'option', fields, at });
  }
  return { kind: 'none', at };
}

interface Option {
  readonly name: string;
  readonly flags: readonly string[];
  readonly fields: Store;
  readonly at: Value['at'];
}

/** What a parser was told, with what its `parents=[...]` were told before. */
function toldTo(parser: ObjectValue, depth = 0): Store {
  const parents = parser.call?.keywords.get('parents');
  if (parents?.kind !== 'list' || depth > 4) return parser.fields;
  const above = itemsOf(parents).flatMap((one) => (one.kind === 'object' ? [...toldTo(one, depth + 1)] : []));
  return new Map([...above, ...parser.fields]);
}

function optionsOfParser(parser: ObjectValue): readonly Option[] {
  return [...toldTo(parser)].flatMap(([key, value]) => {
    if (!key.startsWith('option ') || value.kind !== 'object') return [];
    const flags = value.fields.get('flags');
    const texts =
      flags?.kind === 'list' ? itemsOf(flags).flatMap((one) => (one.kind === 'string' ? [one.value] : [])) : [];
    return [{ name: key.slice('option '.length), flags: texts, fields: value.fields, at: value.at }];
  });
}

function parseOptions(asked: Asked, parser: ObjectValue): ObjectValue {
  const { machine, at } = asked;
  const options = optionsOfParser(parser);
  if (options.length > 0) machine.knowsFlags = true;
  const switches = new Set(options.filter(isSwitch).flatMap((one) => one.flags.map(flagName)));
  const given = sortWords(machine.around.command, switches);
  const positional = [...given.positional];
  const fields: Store = new Map();
  const file = configFileOf(asked, parser, options, given);
  for (const option of options) {
    const fallback = file?.get(option.name) ?? defaultOfOption(machine, option, parser);
    const bare = option.flags.length > 0 && option.flags.every((one) => !one.startsWith('-'));
    const word = bare ? positional.shift() : undefined;
    const said = word
      ? convert(asked, { kind: 'string', value: word.text, at: word.span }, option)
      : valueOfWords(asked, option, given);
    fields.set(option.name, said ?? fallback);
  }
  for (const [key, value] of file ?? []) if (!fields.has(key)) fields.set(key, value);
  for (const [key, value] of toldTo(parser)) {
    if (key.startsWith('class ')) fields.set(key.slice('class '.length), makeRecord(asked, value));
    if (key.startsWith('default ') && !fields.has(key.slice('default '.length)))
      fields.set(key.slice('default '.length), value);
  }
  const made: ObjectValue = { kind: 'object', path: 'argparse.Namespace', fields, at };
  const call = { positional: [], keywords: new Map(fields), open: false };
  return { ...made, call: note(machine, 'argparse.Namespace', parser, call, asked.node, asked.frame, made) };
}

/** Entries of the file that an option for configuration files names (`jsonargparse`, `configargparse`), or of the default one. */
function configFileOf(
  asked: Asked,
  parser: ObjectValue,
  options: readonly Option[],
  given: GivenWords,
): Store | undefined {
  if (!/^(jsonargparse|configargparse)\./.test(parser.path)) return undefined;
  const option = options.find(
    ({ fields }) =>
      (fields.get('action')?.kind === 'reference' &&
        /ActionConfigFile$/.test((fields.get('action') as { readonly path: string }).path)) ||
      (fields.has('is_config_file') && truthOf(fields.get('is_config_file') ?? parser) === true),
  );
  const defaults = parser.call?.keywords.get('default_config_files');
  const [first] = defaults?.kind === 'list' ? itemsOf(defaults) : [];
  const said = (option && valueOfWords(asked, option, given)) ?? option?.fields.get('default') ?? first;
  if (said?.kind !== 'string') return undefined;
  const loaded = loadData(asked.machine, said.value, asked.frame.module.file, 'object');
  return loaded?.kind === 'object' ? loaded.fields : undefined;
}

function actionOf(option: Option): string {
  const action = option.fields.get('action');
  if (action?.kind === 'string') return action.value;
  return action?.kind === 'reference' && action.path.endsWith('BooleanOptionalAction') ? 'optional' : '';
}

function isSwitch(option: Option): boolean {
  return /^(store_true|store_false|optional|count|store_const)$/.test(actionOf(option));
}

function defaultOfOption(machine: Machine, option: Option, parser: ObjectValue): Value {
  const set = toldTo(parser).get(`default ${option.name}`) ?? option.fields.get('default');
  const at = option.at;
  if (set) return convertDefault(set, option.fields.get('type'));
  const action = actionOf(option);
  if (action === 'store_true') return { kind: 'bool', value: false, at, derived: true };
  if (action === 'store_false') return { kind: 'bool', value: true, at, derived: true };
  const required = option.fields.get('required');
  const bare = option.flags.length > 0 && option.flags.every((one) => !one.startsWith('-'));
  if ((required && truthOf(required)) || bare)
    return unknown(machine.around.command ? 'is not given by the command' : 'is given on the command line', at);
  return { kind: 'none', at, derived: true };
}

function convertDefault(value: Value, type: Value | undefined): Value {
  if (value.kind === 'choice') return value;
  return convertText(value, type);
}

function convert(asked: Asked, value: Value, option: Option): Value {
  const type = option.fields.get('type');
  if (type?.kind === 'function' || type?.kind === 'class')
    return asked.machine.call(type, { ...noArguments, positional: [value] }, asked.node, asked.frame);
  return convertText(value, type);
}

function valueOfWords(asked: Asked, option: Option, given: GivenWords): Value | undefined {
  const name = option.flags.map(flagName).find((one) => given.flags.has(one)) ?? negated(option, given);
  const mark = name === undefined ? undefined : given.marks.get(name);
  if (name === undefined || !mark) return undefined;
  const action = actionOf(option);
  if (action === 'store_true' || action === 'optional')
    return {
      kind: 'bool',
      value: !name.startsWith('no_') || option.flags.map(flagName).includes(name),
      at: mark.span,
      derived: true,
    };
  if (action === 'store_false') return { kind: 'bool', value: false, at: mark.span, derived: true };
  const words = given.flags.get(name) ?? [];
  const values = words.map((word) =>
    word.unknown === undefined
      ? convert(asked, { kind: 'string', value: word.text, at: word.span }, option)
      : unknown(word.unknown, word.span),
  );
  const [first] = values;
  if (!first) return option.fields.get('const') ?? { kind: 'bool', value: true, at: mark.span, derived: true };
  return option.fields.has('nargs') && option.fields.get('nargs')?.kind !== 'none' && !isOptional(option)
    ? listOf(values, first.at)
    : first;
}

function isOptional(option: Option): boolean {
  const count = option.fields.get('nargs');
  return count?.kind === 'string' && count.value === '?';
}

function negated(option: Option, given: GivenWords): string | undefined {
  if (actionOf(option) !== 'optional') return undefined;
  return option.flags.map((one) => `no_${flagName(one)}`).find((one) => given.flags.has(one));
}

/** `HfArgumentParser`, `TrlParser` and the like: one object for each class, filled by defaults and the command. */
function parseClasses(asked: Asked, parser: ObjectValue): Value {
  const { given, at } = asked;
  const classes = argument(parser.call ?? noArguments, 0, 'dataclass_types');
  const list = classes?.kind === 'list' ? itemsOf(classes) : classes ? [classes] : [];
  if (list.length > 0) asked.machine.knowsFlags = true;
  const made = list.map((one) => makeRecord(asked, one));
  const remaining = given.keywords.get('return_remaining_strings');
  if (remaining && truthOf(remaining)) made.push(listOf([], at));
  const [only] = made;
  if (
    made.length === 1 &&
    only &&
    /parse_args_and_config|^parse$/.test(asked.path.slice(asked.path.lastIndexOf('.') + 1))
  )
    return classes?.kind === 'list' ? listOf(made, at, true) : only;
  return listOf(made, at, true);
}

function makeRecord(asked: Asked, type: Value): Value {
  const { machine } = asked;
  const entries = asked.given.positional[0];
  const fromDictionary = entries?.kind === 'dict' ? entries.store : undefined;
  const keywords = new Map<string, Value>();
  const said = new Map([...(fromDictionary ?? []), ...guessKeywords(machine.around.command)]);
  const names = type.kind === 'class' ? new Set(fieldsOf(machine, type).map((one) => one.name)) : undefined;
  const library =
    type.kind === 'class' && type.bases.some((one) => one.kind === 'reference' && !one.path.startsWith('builtins.'));
  for (const [name, value] of said) if (!names || names.has(name) || library) keywords.set(name, value);
  return machine.call(type, { positional: [], keywords, open: false }, asked.node, asked.frame);
}

/** Programs that are a function or class whose parameters are the command line. */
function startWith(asked: Asked, target: Value): Value {
  const { machine, given } = asked;
  machine.knowsFlags = true;
  if (target.kind === 'class') return makeRecord({ ...asked, given: noArguments }, target);
  const keywords = guessKeywords(machine.around.command);
  const open: Arguments = { positional: [], keywords, open: false };
  if (target.kind === 'function') return machine.call(target, open, asked.node, asked.frame);
  if (target.kind === 'dict')
    for (const one of target.store.values())
      if (one.kind === 'function') return machine.call(one, open, asked.node, asked.frame);
  return given.positional[0] ?? target;
}

/** `app()` of a Typer application: the command that the first word names, or the only one. */
function callCommands(asked: Asked): Value | undefined {
  const { machine, frame, owner, node } = asked;
  const commands = [...frame.module.globals.values()].filter(
    (one): one is Value & { kind: 'function' } =>
      one.kind === 'function' &&
      one.decorators.some(
        (mark) => mark.kind === 'object' && /\.(command|default)$/.test(mark.path) && isOf(mark.call?.receiver, owner),
      ),
  );
  const [word] = machine.around.command?.words ?? [];
  const chosen = commands.find((one) => one.name.replaceAll('_', '-') === word?.text.replaceAll('_', '-'));
  const command = chosen ?? (commands.length === 1 ? commands[0] : undefined);
  if (!command) return undefined;
  machine.knowsFlags = true;
  return machine.call(command, { ...noArguments, keywords: guessKeywords(machine.around.command) }, node, frame);
}

function isOf(receiver: Value | undefined, owner: Value | undefined): boolean {
  return receiver?.kind === 'object' && owner?.kind === 'object' && receiver.fields === owner.fields;
}

/** A function under `click.option` decorators. */
function callDecorated(asked: Asked): Value | undefined {
  const { machine, owner } = asked;
  if (owner?.kind !== 'function') return undefined;
  const parser: ObjectValue = { kind: 'object', path: 'click.Parser', fields: new Map(), at: asked.at };
  for (const mark of owner.decorators) {
    if (mark.kind !== 'object' || !mark.call || !/(^|\.)(option|argument)$/.test(mark.path)) continue;
    const call = mark.call;
    const said = call.positional.flatMap((one) => (one.kind === 'string' ? [one.value] : []));
    const texts = said.map((one) => one.replace(/\/.*$/, ''));
    const plain = mark.path.endsWith('option') ? texts.find((one) => !one.startsWith('-')) : undefined;
    const keywords = new Map(call.keywords);
    if (plain !== undefined) keywords.set('dest', { kind: 'string', value: plain, at: call.at });
    if (said.some((one) => one.includes('/')))
      keywords.set('action', { kind: 'string', value: 'optional', at: call.at });
    const flag = keywords.get('is_flag');
    if (flag && truthOf(flag)) keywords.set('action', { kind: 'string', value: 'store_true', at: call.at });
    const positional = call.positional
      .filter((one) => one.kind !== 'string' || one.value !== plain)
      .map((one) => (one.kind === 'string' ? { ...one, value: one.value.replace(/\/.*$/, '') } : one));
    addOption({ ...asked, given: { positional, keywords, open: false }, at: call.at }, parser);
  }
  const options = parseOptions(asked, parser);
  const bound: Arguments = { positional: [], keywords: options.fields, open: false };
  return machine.call({ ...owner, bound }, noArguments, asked.node, asked.frame);
}

/** `config_flags.DEFINE_config_file("config", "configs/a.py")`: what that file's `get_config` answers, under `--config.x=...`. */
function defineConfigFile(asked: Asked): Value {
  const { machine, given, frame, at } = asked;
  const [name, fallback] = given.positional;
  if (name?.kind !== 'string') return { kind: 'none', at };
  machine.knowsFlags = true;
  const words = sortWords(machine.around.command, new Set());
  const said = guessWords(name.value, words) ?? given.keywords.get('default') ?? fallback;
  const [path = '', argument_] = said?.kind === 'string' ? said.value.split(':') : [];
  const make = path === '' ? undefined : loadFile(machine, path, frame)?.globals.get('get_config');
  const text: readonly Value[] =
    argument_ === undefined || !said ? [] : [{ kind: 'string', value: argument_, at: said.at }];
  const config: Value = make
    ? machine.call(make, { ...noArguments, positional: text }, asked.node, frame)
    : unknown('is a configuration file that the command names', said?.at ?? at);
  for (const flag of words.flags.keys()) {
    const value = flag.startsWith(`${name.value}.`) ? guessWords(flag, words) : undefined;
    if (value) setEntry(machine, config, flag.slice(name.value.length + 1), value);
  }
  machine.journal.set(machine.flags, name.value, config);
  const fields: Store = new Map([['value', config]]);
  return { kind: 'object', path: 'absl.flags.FlagHolder', fields, at };
}

/** Sets what is there already at a dotted path. */
function setEntry(machine: Machine, holder: Value, path: string, value: Value): void {
  const [name = '', ...rest] = path.split('.');
  if (holder.kind !== 'object') return;
  const found = holder.fields.get(name);
  if (rest.length > 0 && found) setEntry(machine, found, rest.join('.'), value);
  else if (rest.length === 0) machine.journal.set(holder.fields, name, value);
}

function defineFlag(asked: Asked): Value {
  const { machine, given, at } = asked;
  const [name, fallback] = given.positional;
  if (name?.kind !== 'string') return { kind: 'none', at };
  machine.knowsFlags = true;
  const words = sortWords(machine.around.command, new Set());
  const value =
    guessWords(name.value, words) ??
    given.keywords.get('default') ??
    fallback ??
    unknown('is given on the command line', at);
  machine.journal.set(machine.flags, name.value, value);
  const fields: Store = new Map([['value', value]]);
  return { kind: 'object', path: 'absl.flags.FlagHolder', fields, at };
}
