import type { ClassValue, ObjectValue, Value } from '../../value.ts';
import { libraryBases } from '../lineage.ts';
import { layerOf, nameInTorch } from './layers.ts';

/** Library classes whose subclasses hold parameters as `nn.Module` does, and add none of their own. */
const plainBase =
  /^torch\.nn\.(modules\.\w+\.)?Module$|(^|\.)(LightningModule|PreTrainedModel|PyTorchModelHubMixin|ModelMixin|ConfigMixin|GenerationMixin)$/;

const containers = /^(Sequential|ModuleList|ModuleDict|ParameterList|ParameterDict)$/;

const known = new WeakMap<object, boolean>();

/** True for a class of the program that is a module: its attributes that are modules or parameters are registered. */
export function isModuleClass(holder: ClassValue): boolean {
  const found = known.get(holder.definition);
  if (found !== undefined) return found;
  const is = libraryBases(holder).some(
    (base) => plainBase.test(base) || layerOf(base) !== undefined || isContainer(base),
  );
  known.set(holder.definition, is);
  return is;
}

/** True for a base class that holds nothing by itself. */
export function isPlainBase(path: string): boolean {
  return plainBase.test(path) || /^(abc\.ABC|builtins\.object|typing\.(Generic|Protocol)(\[.*)?)$/.test(path);
}

/** True for `nn.Sequential` and the like. */
export function isContainer(path: string): boolean {
  return containers.test(nameInTorch(path) ?? '');
}

/** True for `nn.Parameter`. */
export function isParameter(value: Value): value is ObjectValue {
  return value.kind === 'object' && nameInTorch(value.path) === 'Parameter';
}

/** True for a module of the program, a layer or a container. */
export function isModule(value: Value | undefined): value is ObjectValue {
  if (value?.kind !== 'object') return false;
  if (value.class) return isModuleClass(value.class);
  return layerOf(value.path) !== undefined || isContainer(value.path) || isStack(value.path);
}

/** The value where it is a module. */
export function asModule(value: Value | undefined): ObjectValue | undefined {
  return isModule(value) ? value : undefined;
}

/** True for a stack of copies of one layer. */
export function isStack(path: string): boolean {
  return /^Transformer(En|De)coder$/.test(nameInTorch(path) ?? '');
}

/** The path whose parameters an object holds itself: its own, or that of the layer that its class extends. */
export function ownPath(value: ObjectValue): string {
  if (!value.class) return value.path;
  const bases = libraryBases(value.class);
  return bases.find((base) => !isPlainBase(base)) ?? bases[0] ?? value.path;
}

const mayWrap = /(compile|script|trace|norm|wrapper|Parallel|DDP|FSDP)$/;
const wrappers =
  /^torch\.(compile|jit\.script|jit\.trace)$|^torch\.nn\.utils\.(parametrizations\.)?(weight|spectral)_norm$|(^|\.)(checkpoint_wrapper|FullyShardedDataParallel|FSDP|DistributedDataParallel|DDP|DataParallel)$/;

/** True for a call that answers the module that it is given, wrapped. */
export function isWrapper(path: string): boolean {
  return mayWrap.test(path) && wrappers.test(path);
}

/** True for weight normalisation, which adds one magnitude for each output. */
export function isWeightNorm(path: string): boolean {
  return /\.weight_norm$/.test(path);
}
