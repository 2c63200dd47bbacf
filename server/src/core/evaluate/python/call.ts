import { childIn, type SyntaxNode } from '../../syntax/tree.ts';
import {
  type Arguments,
  type FunctionValue,
  isOpen,
  itemsOf,
  joinValues,
  type ObjectValue,
  unknown,
  type Value,
} from '../value.ts';
import { noArguments } from './arguments.ts';
import { callBuiltin } from './builtins.ts';
import { instantiate } from './class.ts';
import { callConfig, configOfDecorators } from './config/call.ts';
import { callFunction, readParameter } from './function.ts';
import { callLibrary } from './library.ts';
import { type Frame, type Machine, named, note, spanAt } from './machine.ts';
import { fillContainer } from './modules/container.ts';
import { isContainer, isWrapper } from './modules/kinds.ts';
import { callModule } from './modules/method.ts';

/** Makes one call: enters functions and classes of the program, computes known library calls, notes every other. */
export function callValue(machine: Machine, callee: Value, given: Arguments, node: SyntaxNode, frame: Frame): Value {
  const at = spanAt(node, frame);
  switch (callee.kind) {
    case 'function': {
      const command = decoratedCommand(machine, callee, given, node, frame);
      const result = command ?? callFunction(machine, callee, given, at);
      note(machine, callee.name, undefined, given, node, frame, result);
      return result;
    }
    case 'class': {
      const made = instantiate(machine, callee, given, node, frame);
      const call = note(machine, callee.name, undefined, given, node, frame, made);
      return enumMember(callee, given) ?? call.result;
    }
    case 'choice': {
      const target =
        callee.options.find((one) => one.kind === 'function' || one.kind === 'class') ??
        callee.options.find((one) => one.kind !== 'none' && one.kind !== 'unknown');
      return callValue(machine, target ?? unknown('is decided at run time', at), given, node, frame);
    }
    case 'reference':
      return callReference(machine, callee.path, callee.owner, given, node, frame);
    case 'object': {
      const bound = callee.path === 'functools.partial' ? callee.call : undefined;
      const [target, ...first] = bound?.positional ?? [];
      if (bound && target) {
        const keywords = new Map([...bound.keywords, ...given.keywords]);
        const positional = [...first, ...given.positional];
        return callValue(machine, target, { positional, keywords, open: bound.open || given.open }, node, frame);
      }
      const wrapped = wrappedFunction(callee);
      if (wrapped) return callValue(machine, wrapped, given, node, frame);
      const method = callee.class ? undefined : callee.path;
      return callReference(machine, `${method ?? callee.path}()`, callee, given, node, frame);
    }
    default: {
      note(machine, '?', callee, given, node, frame, callee);
      followCallbacks(machine, given, node, frame);
      return unknown(callee.kind === 'unknown' ? callee.reason : 'is computed at run time', at);
    }
  }
}

function callReference(
  machine: Machine,
  path: string,
  owner: Value | undefined,
  given: Arguments,
  node: SyntaxNode,
  frame: Frame,
): Value {
  const at = spanAt(node, frame);
  const asked = { machine, path, owner, given, at, node, frame };
  const fallback = given.positional[1];
  if (fallback && given.positional[0]?.kind === 'string' && /[?.\]]\.?get$/.test(path) && owner && isOpen(owner))
    return joinValues(fallback, unknown('depends on a key of the run', at));
  // A function on a platform's machines is still the function: `train.remote(epochs=3)`.
  if (owner?.kind === 'function' && /\.(remote|local|spawn|remote_gen|submit)$/.test(path))
    return machine.call(owner, given, node, frame);
  if (path.endsWith('.save_hyperparameters') && owner?.kind === 'object') keepArguments(machine, owner, frame, at);
  const known = path.startsWith('builtins.')
    ? callBuiltin(asked)
    : (callModule(asked) ?? callConfig(asked) ?? callLibrary(asked));
  if (known) return known;
  const made: ObjectValue = { kind: 'object', path, fields: new Map(), at, serial: machine.serial++ };
  const call = note(machine, path, owner, given, node, frame, made);
  if (isContainer(path)) fillContainer(machine, made, path, given);
  else if (isWrapper(path)) wrapModule(made, given);
  followCallbacks(machine, given, node, frame);
  return call.result;
}

/** A wrapper holds what it is given as its own part, so that copies of it hold copies. */
function wrapModule(made: ObjectValue, given: Arguments): void {
  const inner = given.positional[0] ?? given.keywords.get('module') ?? given.keywords.get('model');
  if (inner) made.fields.set('@inner', inner);
}

/** Lightning's `self.save_hyperparameters()`: the arguments of the method around it are then attributes of `self.hparams`. */
function keepArguments(machine: Machine, owner: ObjectValue, frame: Frame, at: Value['at']): void {
  const fields = new Map([...frame.scope].filter(([name]) => name !== 'self' && name !== '__class__'));
  machine.journal.set(owner.fields, 'hparams', { kind: 'object', path: 'argparse.Namespace', fields, at });
}

/** The function that a library wrapped (`ray.remote(f)`, `rh.function(fn=f)`): calling the wrapper calls it. */
function wrappedFunction(callee: ObjectValue): FunctionValue | undefined {
  if (callee.class || !callee.call) return undefined;
  const given = callee.call.keywords.get('fn') ?? callee.call.keywords.get('func') ?? callee.call.positional[0];
  return given?.kind === 'function' && given.name !== '<lambda>' ? given : undefined;
}

function enumMember(callee: Value, given: Arguments): Value | undefined {
  if (callee.kind !== 'class') return undefined;
  const isEnum = callee.bases.some((base) => base.kind === 'reference' && /(^|\.)(Str|Int)?Enum$/.test(base.path));
  return isEnum ? given.positional[0] : undefined;
}

/** Functions handed to a library are called by it: their bodies run with what is passed along. */
function followCallbacks(machine: Machine, given: Arguments, node: SyntaxNode, frame: Frame): void {
  for (const value of [...given.positional, ...given.keywords.values()]) {
    const target = value.kind === 'object' ? wrappedFunction(value) : value;
    if (target?.kind === 'function') machine.call(target, passedAlong(target, given), node, frame);
  }
}

function passedAlong(callee: FunctionValue, given: Arguments): Arguments {
  const args = given.keywords.get('args');
  const config =
    given.keywords.get('train_loop_config') ?? given.keywords.get('func_args') ?? given.keywords.get('parameters');
  const parameters = childIn(callee.definition as SyntaxNode, 'parameters');
  const count = parameters ? named(parameters).length : 0;
  if (args?.kind === 'list') {
    const items = itemsOf(args);
    const rank = unknown('is the number of the process', args.at);
    return { ...noArguments, positional: count === items.length + 1 ? [rank, ...items] : items };
  }
  if (config?.kind === 'dict' && count > 1) return { ...noArguments, keywords: config.store };
  const [only] = parameters ? named(parameters) : [];
  const name = only && readParameter(only, callee.frame as Frame)?.name;
  if (config?.kind === 'dict' && name !== undefined && config.store.has(name))
    return { ...noArguments, keywords: config.store };
  if (config && count > 0) return { ...noArguments, positional: [config] };
  return noArguments;
}

/** A command made by a decorator (`click`): its options are the arguments. */
function decoratedCommand(
  machine: Machine,
  callee: FunctionValue,
  given: Arguments,
  node: SyntaxNode,
  frame: Frame,
): Value | undefined {
  const config = callee.bound ? undefined : configOfDecorators(machine, callee.decorators, callee.frame as Frame);
  if (config && given.positional.length === 0 && given.keywords.size === 0)
    return callFunction(machine, callee, { ...given, positional: [config] }, spanAt(node, frame));
  const marks = callee.decorators.filter((one) => one.kind === 'object' && /(^|\.)(option|argument)$/.test(one.path));
  if (marks.length === 0 || callee.bound || given.keywords.size > 0 || given.positional.length > 0) return undefined;
  const asked = { machine, path: 'click.command', owner: callee, given, at: spanAt(node, frame), node, frame };
  return callLibrary(asked);
}
