import type { SourceFile } from '../source/source-file.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import { noArguments } from './python/arguments.ts';
import { callValue } from './python/call.ts';
import { evaluateExpression } from './python/expression.ts';
import { createModule } from './python/import.ts';
import { createJournal } from './python/journal.ts';
import {
  type CommandLine,
  type Machine,
  maximumOtherSteps,
  maximumSteps,
  type Surroundings,
} from './python/machine.ts';
import { runBlock } from './python/statement.ts';
import type { CallEvent, LoopEvent, ObjectValue, Store, Value } from './value.ts';

/** What a Python program does, as far as its text tells: the calls it makes in order, its loops and its global names. */
export interface Program {
  readonly file: SourceFile;
  readonly tree: SyntaxNode;
  readonly events: readonly CallEvent[];
  readonly loops: readonly LoopEvent[];
  readonly globals: ReadonlyMap<string, Value>;
  /** Local names of the functions that the file's own statements call (`main`). */
  readonly locals: readonly ReadonlyMap<string, Value>[];
  /** Options that the program declares globally (`absl.flags`). */
  readonly flags: ReadonlyMap<string, Value>;
  /** The program declares its command line in a form that was understood. */
  readonly knowsFlags: boolean;
  /** Environment variables that the program sets itself. */
  readonly environment: ReadonlyMap<string, Value>;
  /** Attributes of libraries that the program sets, by dotted path. */
  readonly settings: ReadonlyMap<string, Value>;
}

/**
 * Follows a program from its entry without running it: names, calls, branches with known tests, and every function once
 * that nothing in the file calls. Never throws; what cannot be known is `unknown` with a reason.
 */
export function readProgram(file: SourceFile, around: Surroundings): Program {
  const machine: Machine = {
    around,
    journal: createJournal(),
    modules: new Map(),
    events: [],
    loops: [],
    environment: environmentOf(around.command),
    settings: new Map(),
    stack: [],
    locals: [],
    entered: new Map(),
    flags: new Map(),
    knowsFlags: false,
    steps: 0,
    allowed: maximumSteps,
    uncertain: 0,
    every: undefined,
    looping: 0,
    reached: true,
    serial: 0,
    building: 0,
    buildingSteps: 0,
    quiet: false,
    builds: new Map(),
    evaluate: (node, frame) => evaluateExpression(machine, node, frame),
    run: (block, frame) => runBlock(machine, block, frame),
    call: (callee, given, node, frame) => callValue(machine, callee, given, node, frame),
  };
  const tree = around.tree(file);
  const module = createModule(machine, file, '__main__', tree);
  machine.run(tree, module.frame);
  // A file that does nothing by itself is a library or a set of functions: then they are what it says.
  const idle = machine.steps < 3000;
  machine.allowed = Math.min(machine.steps + (idle ? 4 : 1) * maximumOtherSteps, maximumSteps);
  runRest(machine, module.globals, tree, module.frame);
  return {
    file,
    tree,
    events: machine.events,
    loops: machine.loops,
    globals: module.globals,
    locals: machine.locals,
    flags: machine.flags,
    knowsFlags: machine.knowsFlags,
    environment: machine.environment,
    settings: machine.settings,
  };
}

function environmentOf(command: CommandLine | undefined): Store {
  const words = [...(command?.environment ?? [])];
  return new Map(
    words.map(([name, word]): [string, Value] => [
      name,
      word.unknown === undefined
        ? { kind: 'string', value: word.text, at: word.span }
        : { kind: 'unknown', reason: word.unknown, at: word.span },
    ]),
  );
}

/** Decorators that make a function an entry of the program. */
const entryMarks =
  /(^|\.)(hydra\.main|record|app\.function|app\.local_entrypoint|stub\.function|ray\.remote|command|task|step|flow)$/;

/** Functions and methods that nothing here calls: a framework or another file does. */
function runRest(machine: Machine, globals: Store, tree: SyntaxNode, frame: Parameters<Machine['call']>[3]): void {
  const made = new Map<object, ObjectValue>();
  for (const { result } of machine.events) if (result.kind === 'object' && result.class) made.set(result.class, result);
  const first = [...globals.values()].filter(
    (one) =>
      one.kind === 'function' && one.decorators.some((mark) => 'path' in mark && /\.local_entrypoint$/.test(mark.path)),
  );
  for (const value of new Set([
    ...first,
    ...globals.values(),
    ...[...made.values()].flatMap((one) => one.class ?? []),
  ])) {
    if (value.kind === 'function' && value.frame === frame && !machine.entered.has(value.definition)) {
      const entry = value.decorators.some((one) => 'path' in one && entryMarks.test(one.path));
      machine.reached = entry;
      machine.call(value, noArguments, tree, frame);
    }
    if (value.kind !== 'class') continue;
    const self: Value = made.get(value) ?? {
      kind: 'object',
      path: value.name,
      fields: new Map(),
      class: value,
      at: value.at,
    };
    machine.reached = made.has(value);
    for (const member of value.members.values()) {
      if (member.kind !== 'function' || machine.entered.has(member.definition)) continue;
      machine.call({ ...member, self }, noArguments, tree, frame);
    }
  }
  machine.reached = true;
}
