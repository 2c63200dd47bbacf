import { type Arguments, computed, itemsOf, type ObjectValue, toNumber, unknown, type Value } from '../value.ts';
import { argument } from './arguments.ts';
import { callBuiltin } from './builtins.ts';
import { callCommandLine } from './command-line.ts';
import { copyOf } from './copy.ts';
import { type Asked, type Machine, note } from './machine.ts';
import { joinPath } from './operator.ts';

/** Variables that a launcher sets for each process. */
const launcherVariables =
  /^(RANK|LOCAL_RANK|WORLD_SIZE|LOCAL_WORLD_SIZE|NODE_RANK|GROUP_RANK|MASTER_ADDR|MASTER_PORT|SLURM_\w+|OMPI_\w+|PMI_\w+|MV2_\w+|SM_\w+|COLAB_\w+|TPU_\w+|PBS_\w+|LSB_\w+)$/;

/** The value of a library call that can be computed without running it; undefined for every other. */
export function callLibrary(asked: Asked): Value | undefined {
  const { path, given, at, machine } = asked;
  const first = given.positional[0];
  const record = asked.owner?.kind === 'object' && asked.owner.class ? callRecord(asked, asked.owner) : undefined;
  if (record) return record;
  switch (path) {
    case 'os.environ.get':
    case 'os.getenv':
      return readEnvironment(machine, given, at);
    case 'os.environ.setdefault': {
      const value = readEnvironment(machine, given, at);
      if (first?.kind === 'string' && value.kind !== 'unknown')
        machine.journal.set(machine.environment, first.value, value);
      return value;
    }
    case 'torch.cuda.device_count':
    case 'jax.device_count':
    case 'jax.local_device_count':
      note(machine, path, asked.owner, given, asked.node, asked.frame, unknown('is computed at run time', at));
      return unknown('is the number of devices that the program finds', at);
    case 'collections.namedtuple()':
      return makeTuple(asked);
    case 'os.path.join':
    case 'posixpath.join':
      return joinTexts(given, at);
    case 'pathlib.Path':
    case 'pathlib.PurePath':
    case 'pathlib.PosixPath':
      return given.positional.length > 1 ? joinTexts(given, at) : first?.kind === 'string' ? first : undefined;
    case 'os.path.basename':
      return textOf(first, (text) => text.slice(text.lastIndexOf('/') + 1));
    case 'os.path.dirname':
      return textOf(first, (text) => text.slice(0, Math.max(0, text.lastIndexOf('/'))));
    case 'os.path.expanduser':
    case 'os.path.abspath':
    case 'os.path.normpath':
    case 'os.path.expandvars':
    case 'copy.deepcopy':
    case 'copy.copy':
    case 'typing.cast':
      return path === 'typing.cast' ? given.positional[1] : copyOf(first);
    case 'functools.partial':
      return bindPartial(given);
    case 'collections.OrderedDict':
    case 'collections.UserDict':
      return callBuiltin({ ...asked, path: 'builtins.dict' });
    case 'dataclasses.replace':
      return replaceFields(first, given, at);
    case 'dataclasses.asdict':
    case 'dataclasses.astuple':
      return first?.kind === 'object' ? { kind: 'dict', store: new Map(first.fields), at: first.at } : undefined;
    case 'torch.cuda.is_available':
    case 'torch.cuda.is_bf16_supported':
    case 'transformers.utils.is_torch_bf16_gpu_available':
    case 'transformers.is_torch_bf16_gpu_available':
      return hardwareCheck(at);
    case 'sys.exit':
    case 'os._exit':
      return undefined;
    case 'importlib.import_module':
    case '__import__':
      return first?.kind === 'string' ? { kind: 'reference', path: first.value, at } : undefined;
    default:
      break;
  }
  // These methods of `ml_collections` answer the configuration itself.
  const { owner } = asked;
  if (
    owner?.kind === 'object' &&
    /ConfigDict$/.test(owner.path) &&
    /\.(un)?lock$|\.copy_and_resolve_references$/.test(path)
  )
    return owner;
  if (path.startsWith('math.') || path.startsWith('numpy.'))
    return callMath(path.slice(path.indexOf('.') + 1), given, at);
  if (
    /(^|\.)(ConfigDict|EasyDict|SimpleNamespace|Namespace|Dict|AttrDict|Munch|Box|edict|DotDict|CfgNode|OmegaConf\.create)$/.test(
      path,
    )
  )
    return openObject(asked);
  return callCommandLine(asked);
}

/** What records of every kind can do: answer their fields, or a copy with some replaced. */
function callRecord({ path, given, at }: Asked, owner: ObjectValue): Value | undefined {
  switch (path.slice(path.lastIndexOf('.') + 1)) {
    case '_asdict':
    case 'model_dump':
      return { kind: 'dict', store: new Map(owner.fields), at: owner.at };
    case '_replace':
    case 'evolve':
      return replaceFields(owner, given, at);
    default:
      return undefined;
  }
}

/** An instance of what `namedtuple("P", ["a", "b"], defaults=[1])` made. */
function makeTuple({ owner, given, at }: Asked): Value | undefined {
  const made = owner?.kind === 'object' ? owner.call : undefined;
  const names = made?.positional[1];
  const list =
    names?.kind === 'string'
      ? names.value.split(/[\s,]+/)
      : names?.kind === 'list'
        ? itemsOf(names).flatMap((one) => (one.kind === 'string' ? [one.value] : []))
        : [];
  if (list.length === 0) return undefined;
  const defaults = made?.keywords.get('defaults');
  const last = defaults?.kind === 'list' ? itemsOf(defaults) : [];
  const fields = new Map<string, Value>();
  list.forEach((name, index) => {
    const value = given.keywords.get(name) ?? given.positional[index] ?? last[index - (list.length - last.length)];
    fields.set(name, value ?? unknown(`"${name}" is given at run time`, at));
  });
  return { kind: 'object', path: 'collections.namedtuple()', fields, at };
}

function hardwareCheck(at: Value['at']): Value {
  const yes: Value = { kind: 'bool', value: true, at, derived: true };
  return { kind: 'choice', options: [yes, { kind: 'bool', value: false, at, derived: true }], likely: yes, at };
}

function readEnvironment(machine: Machine, given: Arguments, at: Value['at']): Value {
  const name = given.positional[0];
  if (name?.kind !== 'string') return unknown('is an environment variable that is named at run time', at);
  const set = machine.environment.get(name.value);
  if (set) return set;
  if (launcherVariables.test(name.value)) return unknown(`the launcher sets ${name.value}`, at);
  return argument(given, 1, 'default') ?? { kind: 'none', at };
}

function joinTexts(given: Arguments, at: Value['at']): Value {
  const parts: string[] = [];
  for (const part of given.positional) {
    if (part.kind !== 'string') return unknown('has a part that is known only at run time', at);
    parts.push(part.value);
  }
  return computed({ kind: 'string', value: joinPath(...parts), at }, at, ...given.positional);
}

function textOf(value: Value | undefined, change: (text: string) => string): Value | undefined {
  return value?.kind === 'string' ? computed({ ...value, value: change(value.value) }, value.at, value) : undefined;
}

function bindPartial(given: Arguments): Value | undefined {
  const [target, ...rest] = given.positional;
  if (target?.kind !== 'function') return undefined;
  return {
    ...target,
    bound: {
      positional: [...(target.bound?.positional ?? []), ...rest],
      keywords: new Map([...(target.bound?.keywords ?? []), ...given.keywords]),
      open: given.open,
    },
  };
}

function replaceFields(value: Value | undefined, given: Arguments, at: Value['at']): Value | undefined {
  if (value?.kind !== 'object') return undefined;
  const fields = new Map([...value.fields, ...given.keywords]);
  const made: ObjectValue = { ...value, fields, at };
  return made;
}

function openObject(asked: Asked): Value {
  const { given, at, path } = asked;
  const first = given.positional[0];
  const fields = new Map(given.keywords);
  if (first?.kind === 'dict') for (const [key, value] of first.store) fields.set(key, nested(value, path));
  return { kind: 'object', path, fields, at };
}

/** Dictionaries inside a configuration object are read by attribute too. */
function nested(value: Value, path: string): Value {
  if (value.kind !== 'dict') return value;
  const fields = new Map([...value.store].map(([key, inner]) => [key, nested(inner, path)] as const));
  return { kind: 'object', path, fields, at: value.at };
}

function callMath(name: string, given: Arguments, at: Value['at']): Value | undefined {
  const numbers = given.positional.map(toNumber);
  const [x, y] = numbers;
  if (name === 'prod' && given.positional[0]?.kind === 'list') {
    const product = itemsOf(given.positional[0]).reduce((all, one) => all * (toNumber(one) ?? Number.NaN), 1);
    return Number.isNaN(product) ? undefined : computed({ kind: 'number', value: product, at }, at);
  }
  if (x === undefined || numbers.includes(undefined)) return undefined;
  const one: Readonly<Record<string, () => number>> = {
    ceil: () => Math.ceil(x),
    floor: () => Math.floor(x),
    sqrt: () => Math.sqrt(x),
    log: () => (y ? Math.log(x) / Math.log(y) : Math.log(x)),
    log2: () => Math.log2(x),
    pow: () => x ** (y ?? 1),
    exp: () => Math.exp(x),
  };
  const result = Object.hasOwn(one, name) ? one[name]?.() : undefined;
  if (result === undefined || !Number.isFinite(result)) return undefined;
  const float = name !== 'ceil' && name !== 'floor';
  return computed({ kind: 'number', value: result, float, at }, at, ...given.positional);
}
