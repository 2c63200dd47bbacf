import {
  type ClassValue,
  itemsOf,
  type ObjectValue,
  optionsOf,
  type Store,
  toNumber,
  type Value,
} from '../../value.ts';
import { lineage } from '../lineage.ts';
import type { Frame } from '../machine.ts';
import { isContainer, isModule, isParameter, isPlainBase, isStack, isWeightNorm, ownPath } from './kinds.ts';
import { layerOf } from './layers.ts';
import { type Open, sizesOf } from './sizes.ts';
import { isShape, isTensor, shapeOf } from './tensor.ts';

/** Parameters of a module: all of them, and those that are trained; or why they cannot be counted. */
export type ModuleSize = { readonly parameters: number; readonly trained: number | Open } | Open;

/** True where a count is not known. */
export function isOpenSize(size: ModuleSize): size is Open {
  return 'reason' in size;
}

interface Tally {
  total: number;
  trained: number;
  open: Open | undefined;
  /** Why it is not known what is trained. */
  openTrained: Open | undefined;
  /** Modules that were counted, and parameters by the store that owns them: what is shared counts once. */
  readonly modules: Set<Store>;
  readonly parameters: Map<Store, Set<string>>;
  visited: number;
}

/** Modules looked at for one count: more are left unknown. */
const maximumModules = 20_000;
const maximumDepth = 40;

/**
 * Counts the parameters of a module as `sum(p.numel() for p in module.parameters())` does: registered modules and parameters,
 * each once however often it is named. The count is exact, or open with the first reason and its place.
 */
export function countModule(module: Value): ModuleSize {
  const tally = createTally();
  addValue(tally, module, undefined, 0);
  return sizeOf(tally);
}

function createTally(): Tally {
  return {
    total: 0,
    trained: 0,
    open: undefined,
    openTrained: undefined,
    modules: new Set(),
    parameters: new Map(),
    visited: 0,
  };
}

function sizeOf(tally: Tally): ModuleSize {
  if (tally.open) return tally.open;
  return { parameters: tally.total, trained: tally.openTrained ?? tally.trained };
}

/** A value held by a module: counted where it is registered, passed over where it holds no parameter. */
function addValue(tally: Tally, value: Value, used: (() => boolean) | undefined, depth: number): void {
  tally.visited += 1;
  if (tally.visited > maximumModules || depth > maximumDepth) {
    tally.open ??= { reason: 'is too large to count', at: value.at };
    return;
  }
  switch (value.kind) {
    case 'object':
      addObject(tally, value, used, depth);
      return;
    case 'choice': {
      addChoice(tally, value, used, depth);
      return;
    }
    case 'reference':
      if (isParameterOf(value)) addReference(tally, value, depth);
      else if (value.owner && used?.()) tally.open ??= { reason: 'is made at run time', at: value.at };
      return;
    case 'unknown':
      if (used?.()) tally.open ??= { reason: value.reason, at: value.at };
      return;
    default:
      return;
  }
}

function addChoice(tally: Tally, value: Value, used: (() => boolean) | undefined, depth: number): void {
  const options = optionsOf(value);
  const sizes = options.map((one) => {
    const part = createTally();
    addValue(part, one, used, depth + 1);
    return sizeOf(part);
  });
  const [first] = sizes;
  const same = sizes.every(
    (one) => !isOpenSize(one) && first && !isOpenSize(first) && one.parameters === first.parameters,
  );
  if (same && options[0]) addValue(tally, options[0], used, depth + 1);
  else tally.open ??= { reason: 'is one of several, decided when the program runs', at: value.at };
}

function addObject(tally: Tally, value: ObjectValue, used: (() => boolean) | undefined, depth: number): void {
  if (value.maybe) {
    const part = createTally();
    addObject(part, { ...value, maybe: false }, used, depth + 1);
    const size = sizeOf(part);
    if (isOpenSize(size) || size.parameters > 0)
      tally.open ??= { reason: 'is there only under a test of the run', at: value.at };
    return;
  }
  if (isParameter(value)) addParameter(tally, value);
  else if (isModule(value)) addModule(tally, value, depth);
  else addOther(tally, value, used, depth);
}

/** Calls of libraries whose results hold no parameters. */
const plain =
  /^(torch\.(?!nn\.[A-Z]|hub|jit)|numpy\.|math\.|os\.|re\.|json\.|time\.|random\.|logging\.|copy\.|functools\.|itertools\.|collections\.|pathlib\.|dataclasses\.|types\.|wandb\.|typing\.|sklearn\.|scipy\.|PIL\.|cv2\.|tqdm|builtins\.|omegaconf\.|argparse\.|datasets\.|torchmetrics\.|tokenizers\.|module )|(Tokenizer\w*|Processor|Config|Extractor|Metric|Scheduler)(\.from_pretrained)?$|^super$/;

function addOther(tally: Tally, value: ObjectValue, used: (() => boolean) | undefined, depth: number): void {
  const { path } = value;
  const inner = value.fields.get('@inner');
  if (inner) {
    addValue(tally, inner, used, depth + 1);
    if (isWeightNorm(path)) addNorms(tally, inner);
    return;
  }
  if (value.class || isTensor(value) || plain.test(path)) return;
  if (used && !used() && !/\.[A-Z]\w*$|from_pretrained$|create_model$/.test(path)) return;
  tally.open ??= { reason: `holds ${path}, which is not counted here`, at: value.at };
}

/** One magnitude for each output of a weight-normed layer. */
function addNorms(tally: Tally, inner: Value): void {
  const { at } = inner;
  const layer = inner.kind === 'object' ? layerOf(ownPath(inner)) : undefined;
  if (!layer || layer === 'empty' || layer === 'lazy' || inner.kind !== 'object' || !inner.call) return;
  const name = layer.signature.find((one) => (/Transpose/.test(inner.path) ? /^in_/ : /^out_/).test(one));
  const sizes = sizesOf(inner.call, layer.signature);
  const count = name === undefined ? Number.NaN : sizes.number(name);
  if (Number.isNaN(count)) tally.open ??= sizes.open ?? { reason: 'is not counted here', at };
  else {
    tally.total += count;
    tally.trained += count;
  }
}

function addModule(tally: Tally, value: ObjectValue, depth: number): void {
  if (tally.modules.has(value.fields)) return;
  tally.modules.add(value.fields);
  const own = addOwn(tally, value, depth);
  const partial = value.fields.get('@partial');
  if (partial)
    tally.open ??= { reason: partial.kind === 'unknown' ? partial.reason : 'is too large to follow', at: partial.at };
  for (const [name, part] of value.fields) {
    if (name.startsWith('@') || own.has(name)) continue;
    addValue(tally, part, () => isUsed(value.class, name), depth + 1);
  }
}

const none: ReadonlySet<string> = new Set();

/** The parameters that a layer holds itself; answers their names. */
function addOwn(tally: Tally, value: ObjectValue, depth: number): ReadonlySet<string> {
  const path = ownPath(value);
  if (isStack(path)) {
    addStack(tally, value, depth);
    return none;
  }
  const layer = layerOf(path);
  if (value.class && !layer && !isContainer(path) && !isPlainBase(path)) {
    tally.open ??= { reason: `extends ${path}, which is not counted here`, at: value.class.at };
    return none;
  }
  if (layer === 'lazy') tally.open ??= { reason: 'takes its width from the first batch', at: value.at };
  if (!layer || layer === 'empty' || layer === 'lazy') return none;
  const made = value.class ? value.fields.get('@base') : value;
  const call = made?.kind === 'object' ? made.call : undefined;
  if (!call) {
    tally.open ??= { reason: 'is made with arguments that are not known', at: value.at };
    return none;
  }
  const sizes = sizesOf(call, layer.signature);
  const parameters = layer.parameters(sizes);
  if (sizes.open) tally.open ??= sizes.open;
  for (const [name, elements] of Object.entries(parameters)) {
    const set = value.fields.get(name);
    if (!set) addElements(tally, value, name, elements);
    else if (set.kind !== 'none') addValue(tally, set, undefined, depth + 1);
  }
  return new Set(Object.keys(parameters));
}

function addStack(tally: Tally, value: ObjectValue, depth: number): void {
  const call = value.call;
  const sizes = call && sizesOf(call, ['layer', 'num_layers', 'norm']);
  const layer =
    call && (call.keywords.get('encoder_layer') ?? call.keywords.get('decoder_layer') ?? call.positional[0]);
  const count = sizes?.number('num_layers') ?? Number.NaN;
  if (!layer || Number.isNaN(count)) {
    tally.open ??= sizes?.open ?? { reason: 'is a stack of unknown layers', at: value.at };
    return;
  }
  const part = createTally();
  addValue(part, layer, undefined, depth + 1);
  tally.open ??= part.open;
  tally.openTrained ??= part.openTrained;
  tally.total += count * part.total;
  tally.trained += count * part.trained;
  const norm = sizes?.value('norm');
  if (norm) addValue(tally, norm, undefined, depth + 1);
}

/** True for the first naming of a parameter. */
function isNew(tally: Tally, store: Store, name: string): boolean {
  const names = tally.parameters.get(store) ?? new Set();
  tally.parameters.set(store, names);
  if (names.has(name)) return false;
  names.add(name);
  return true;
}

function addElements(tally: Tally, owner: ObjectValue, name: string, elements: number): void {
  if (!isNew(tally, owner.fields, name)) return;
  tally.total += elements;
  addTrained(tally, owner.fields.get(`@frozen ${name}`) ?? owner.fields.get('@frozen'), elements);
}

function addTrained(tally: Tally, frozen: Value | undefined, elements: number): void {
  if (!frozen) tally.trained += elements;
  else if (frozen.kind !== 'bool')
    tally.openTrained ??= { reason: 'is frozen or not, decided when the program runs', at: frozen.at };
  else if (!frozen.value) tally.trained += elements;
}

function addParameter(tally: Tally, value: ObjectValue): void {
  if (!isNew(tally, value.fields, '')) return;
  const data = value.call?.keywords.get('data') ?? value.call?.positional[0];
  const shape = data ? shapeOf(data) : { reason: 'has no shape yet', at: value.at };
  if (!isShape(shape)) {
    tally.open ??= shape;
    return;
  }
  const elements = shape.reduce((a, b) => a * b, 1);
  tally.total += elements;
  const wanted = value.call?.keywords.get('requires_grad') ?? value.call?.positional[1];
  const given: Value | undefined = wanted?.kind === 'bool' ? { ...wanted, value: !wanted.value } : wanted;
  addTrained(tally, value.fields.get('@frozen') ?? given, elements);
}

/** `module.weight` as a value: the parameter of another module. */
function isParameterOf(value: Value): value is Value & { kind: 'reference' } {
  return value.kind === 'reference' && value.owner !== undefined && isModule(value.owner);
}

function addReference(tally: Tally, value: Value & { kind: 'reference' }, depth: number): void {
  if (value.maybe) {
    tally.open ??= { reason: 'is shared only under a test of the run', at: value.at };
    return;
  }
  const owner = value.owner;
  const name = value.path.slice(value.path.lastIndexOf('.') + 1);
  if (owner?.kind !== 'object') return;
  const set = owner.fields.get(name);
  if (set && set !== value) {
    addValue(tally, set, undefined, depth + 1);
    return;
  }
  const layer = layerOf(ownPath(owner));
  const made = owner.class ? owner.fields.get('@base') : owner;
  const call = made?.kind === 'object' ? made.call : undefined;
  if (!layer || layer === 'empty' || layer === 'lazy' || !call) return;
  const sizes = sizesOf(call, layer.signature);
  const elements = layer.parameters(sizes)[name];
  if (elements === undefined) return;
  if (sizes.open) tally.open ??= sizes.open;
  else addElements(tally, owner, name, elements);
}

const usedBy = new WeakMap<object, Map<string, boolean>>();

/** True where a class calls an attribute or walks over it, as it does with its modules. */
function isUsed(holder: ClassValue | undefined, name: string): boolean {
  if (!holder || !/^\w+$/.test(name)) return true;
  return lineage(holder).some((one) => {
    const known = usedBy.get(one.definition) ?? new Map<string, boolean>();
    usedBy.set(one.definition, known);
    const found =
      known.get(name) ??
      textOf(one).search(
        new RegExp(`\\bself\\.${name}(\\s*\\(|\\[|\\.\\w+\\()|\\bin\\s+(\\w+\\()*self\\.${name}\\b`),
      ) >= 0;
    known.set(name, found);
    return found;
  });
}

function textOf(holder: ClassValue): string {
  const { node, frame } = holder.definition as {
    readonly node: { readonly start: number; readonly end: number };
    readonly frame: Frame;
  };
  return frame.module.file.text.slice(node.start, node.end);
}

/** Registered modules of a module, by name; of containers in order. */
export function childrenOf(value: ObjectValue): readonly (readonly [string, ObjectValue])[] {
  return [...value.fields].flatMap(([name, part]): [string, ObjectValue][] =>
    !name.startsWith('@') && isModule(part) ? [[name, part]] : [],
  );
}

/** The number of copies in a stack of one layer, where it is known. */
export function copiesIn(value: ObjectValue): number | undefined {
  const count = value.call?.keywords.get('num_layers') ?? value.call?.positional[1];
  return count && toNumber(count);
}

/** Items of a container's argument. */
export function listed(value: Value | undefined): readonly Value[] {
  return value?.kind === 'list' ? itemsOf(value) : [];
}
