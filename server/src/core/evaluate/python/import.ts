import { childIn, childrenIn, type SyntaxNode } from '../../syntax/tree.ts';
import { unknown, type Value } from '../value.ts';
import { type Frame, type Machine, type Module, sourceOf, spanAt } from './machine.ts';

/** Packages that are never files of the workspace: no request goes out for them. */
const libraries = new Set(
  `torch torchvision torchaudio transformers trl peft accelerate datasets numpy pandas os sys math json re time random
  argparse dataclasses typing pathlib functools logging collections itertools tensorflow keras jax flax optax lightning
  pytorch_lightning deepspeed bitsandbytes wandb tqdm evaluate sklearn scipy matplotlib PIL cv2 einops timm diffusers
  unsloth ray modal sagemaker boto3 yaml omegaconf hydra click typer fire tyro absl ml_collections huggingface_hub
  tokenizers sentencepiece safetensors xformers flash_attn vllm kubeflow submitit abc copy enum contextlib warnings
  subprocess shutil glob string io inspect importlib threading multiprocessing socket uuid hashlib pickle csv datetime
  tempfile traceback operator types requests tensorboard mlflow psutil builtins __future__ packaging gc signal`.split(
    /\s+/,
  ),
);

const maximumModules = 12;

/** Binds the names of an import: to values of another file of the program where it can be loaded, else to library names. */
export function importNames(machine: Machine, node: SyntaxNode, frame: Frame): void {
  if (node.type === 'import_statement') {
    for (const one of childrenIn(node, 'name')) importModule(machine, one, frame);
    return;
  }
  const from = childIn(node, 'module_name');
  const path = sourceOf(from, frame).replace(/\s+/g, '');
  const module = loadModule(machine, path, frame);
  const star = node.children.some((child) => child.type === 'wildcard_import');
  if (star) {
    if (module) for (const [name, value] of module.globals) machine.journal.set(frame.scope, name, value);
    else frame.module.stars.push(path);
  }
  for (const one of childrenIn(node, 'name')) {
    const name = sourceOf(one.type === 'aliased_import' ? childIn(one, 'name') : one, frame);
    const alias = one.type === 'aliased_import' ? sourceOf(childIn(one, 'alias'), frame) : name;
    machine.journal.set(frame.scope, alias, memberOf(machine, module, path, name, one, frame));
  }
}

function memberOf(
  machine: Machine,
  module: Module | undefined,
  path: string,
  name: string,
  node: SyntaxNode,
  frame: Frame,
): Value {
  const at = spanAt(node, frame);
  const found = module?.globals.get(name);
  if (found) return found;
  const inner = loadModule(machine, path.endsWith('.') ? `${path}${name}` : `${path}.${name}`, frame);
  if (inner) return moduleValue(inner, at);
  if (module?.stars[0]) return { kind: 'reference', path: `${module.stars[0]}.${name}`, at };
  if (module) return unknown(`"${name}" is not set in ${module.name}`, at);
  const defined = definedInside(machine, path, name, frame);
  if (defined) return defined;
  return { kind: 'reference', path: `${path.replace(/^\.+/, '')}.${name}`, at };
}

/** A package whose `__init__` is not at hand: a module named after the thing may define it. */
function definedInside(machine: Machine, path: string, name: string, frame: Frame): Value | undefined {
  const stem = name.replace(/_?(config|configs|args|arguments|cfg)$/i, '');
  if (stem === '' || stem === name || libraries.has(path.split('.')[0] ?? '')) return undefined;
  for (const file of [stem, `${stem}ing`]) {
    const found = loadModule(machine, `${path}.${file}`, frame)?.globals.get(name);
    if (found) return found;
  }
  return undefined;
}

function moduleValue(module: Module, at: Value['at']): Value {
  return { kind: 'object', path: `module ${module.name}`, fields: module.globals, at };
}

function importModule(machine: Machine, node: SyntaxNode, frame: Frame): void {
  const aliased = node.type === 'aliased_import';
  const path = sourceOf(aliased ? childIn(node, 'name') : node, frame);
  const at = spanAt(node, frame);
  const module = loadModule(machine, path, frame);
  const alias = aliased ? sourceOf(childIn(node, 'alias'), frame) : (path.split('.')[0] ?? path);
  const value: Value =
    module && (aliased || !path.includes('.'))
      ? moduleValue(module, at)
      : { kind: 'reference', path: aliased ? path : alias, at };
  machine.journal.set(frame.scope, alias, value);
}

/** The module of a dotted path, run once. */
function loadModule(machine: Machine, path: string, frame: Frame): Module | undefined {
  const dots = /^\.*/.exec(path)?.[0].length ?? 0;
  const parts = path.slice(dots).split('.').filter(Boolean);
  const [root] = parts;
  if ((dots === 0 && root !== undefined && libraries.has(root)) || machine.modules.size >= maximumModules)
    return undefined;
  const up = dots === 0 ? '' : dots === 1 ? './' : '../'.repeat(dots - 1);
  const base = `${up}${parts.join('/')}`;
  for (const candidate of parts.length > 0 ? [`${base}.py`, `${base}/__init__.py`] : [`${up}__init__.py`]) {
    const file = machine.around.load(candidate, frame.module.file);
    if (file?.languageId !== 'python') continue;
    const known = machine.modules.get(file.uri);
    if (known) return known;
    return runModule(machine, file, path.slice(dots), machine.around.tree(file));
  }
  return undefined;
}

/** The module of a Python file by its path, run once. */
export function loadFile(machine: Machine, path: string, frame: Frame): Module | undefined {
  const file = machine.modules.size < maximumModules ? machine.around.load(path, frame.module.file) : undefined;
  if (file?.languageId !== 'python') return undefined;
  return machine.modules.get(file.uri) ?? runModule(machine, file, path, machine.around.tree(file));
}

/** Runs a file's statements and answers its names. */
export function runModule(machine: Machine, file: Module['file'], name: string, tree: SyntaxNode): Module {
  const module = createModule(machine, file, name, tree);
  const { reached } = machine;
  machine.reached = false;
  machine.run(tree, module.frame);
  machine.reached = reached;
  return module;
}

/** A file with no name set yet. */
export function createModule(machine: Machine, file: Module['file'], name: string, tree: SyntaxNode): Module {
  const globals = new Map<string, Value>();
  const module = { file, tree, globals, name, stars: [] } as Omit<Module, 'frame'> & { frame?: Frame };
  const frame: Frame = {
    module: module as Module,
    scope: globals,
    outer: undefined,
    globalNames: [],
    returned: [],
  };
  module.frame = frame;
  machine.modules.set(file.uri, module as Module);
  return module as Module;
}
