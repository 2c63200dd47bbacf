import type { SourceFile } from '../../source/source-file.ts';
import type { Span } from '../../source/span.ts';
import type { DataDocument } from '../../syntax/data.ts';
import { childIn, type SyntaxNode } from '../../syntax/tree.ts';
import type { Arguments, CallEvent, FunctionValue, LoopEvent, ObjectValue, Store, Value } from '../value.ts';
import type { Journal } from './journal.ts';

/** A word of a command line that starts the program. */
export interface CommandWord {
  readonly text: string;
  /** Why the word's value is not known before run time, where it is not. */
  readonly unknown?: string;
  readonly span: Span;
}

/** How a launcher starts the program. */
export interface CommandLine {
  readonly environment: ReadonlyMap<string, CommandWord>;
  readonly words: readonly CommandWord[];
}

/** One file of the program with its global names. */
export interface Module {
  readonly file: SourceFile;
  readonly tree: SyntaxNode;
  readonly globals: Store;
  /** Dotted name by which it was imported; `__main__` for the file itself. */
  readonly name: string;
  /** Library modules of which everything was imported. */
  readonly stars: string[];
  readonly frame: Frame;
}

/** Names in force at a place of the program. */
export interface Frame {
  readonly module: Module;
  readonly scope: Store;
  /** The frame around a nested function; undefined for a module. */
  readonly outer: Frame | undefined;
  readonly globalNames: string[];
  readonly returned: Value[];
  readonly function?: FunctionValue;
  /** Body of a class: its names are not seen by functions inside. */
  readonly classBody?: boolean;
}

/** How a block ended. */
export type Signal = 'next' | 'return' | 'raise' | 'break' | 'continue';

/** What the program asks of the world: other files, and the command that starts it. */
export interface Surroundings {
  tree(file: SourceFile): SyntaxNode;
  load(path: string, from: SourceFile): SourceFile | undefined;
  /** Documents of a data file; without it no configuration is read. */
  data?(file: SourceFile): readonly DataDocument[];
  readonly command?: CommandLine;
}

/** The state of one evaluation, and its two recursive steps. Lives for one call of `readProgram`. */
export interface Machine {
  readonly around: Surroundings;
  readonly journal: Journal;
  readonly modules: Map<string, Module>;
  readonly events: CallEvent[];
  readonly loops: LoopEvent[];
  readonly environment: Store;
  /** Attributes of libraries that the program sets (`torch.backends.cuda.matmul.allow_tf32`), by dotted path. */
  readonly settings: Store;
  readonly stack: FunctionValue[];
  /** Local names of functions that the file's own statements call, in the order of the calls. */
  readonly locals: Store[];
  /** Definitions already entered, with how often. */
  readonly entered: Map<object, number>;
  /** Options declared globally (`absl.flags`). */
  readonly flags: Store;
  /** A parser with declared options has read the command line. */
  knowsFlags: boolean;
  steps: number;
  /** Steps that may be taken in all. */
  allowed: number;
  uncertain: number;
  /** Divisor of the innermost `if step % n == 0` around. */
  every: { readonly value: Value; readonly counted: string } | undefined;
  looping: number;
  reached: boolean;
  /** Number of the next object. */
  serial: number;
  /** How many constructors of modules are around. */
  building: number;
  /** Steps taken in them in all: they have a bound of their own. */
  buildingSteps: number;
  /** Inside a constructor that was followed before: its calls are not written down again. */
  quiet: boolean;
  /** Modules made so far, by their class. */
  readonly builds: Map<object, Build[]>;
  evaluate(node: SyntaxNode, frame: Frame): Value;
  run(block: SyntaxNode, frame: Frame): Signal;
  call(callee: Value, given: Arguments, node: SyntaxNode, frame: Frame): Value;
}

/** A module as its constructor left it, and what it was made with. */
export interface Build {
  readonly given: Arguments;
  /** Fields of the objects among the arguments, as they were. */
  readonly settings: ReadonlyMap<Store, ReadonlyMap<string, Value>>;
  readonly made: ObjectValue;
  /** Serial numbers of its parts: from the first up to, not with, the last. */
  readonly from: number;
  readonly to: number;
}

/** A call of something that is not defined in the program. */
export interface Asked {
  readonly machine: Machine;
  readonly path: string;
  /** What the method belongs to. */
  readonly owner: Value | undefined;
  readonly given: Arguments;
  readonly at: Span;
  readonly node: SyntaxNode;
  readonly frame: Frame;
}

/** More steps than this are not taken: the rest of the program is unknown. */
export const maximumSteps = 60_000;

/** Steps for functions that nothing in the file calls. */
export const maximumOtherSteps = 15_000;

/** Steps for constructors of modules. */
export const maximumBuildingSteps = 40_000;

/** The span of a node in the frame's file. */
export function spanAt(node: SyntaxNode, frame: Frame): Span {
  return { uri: frame.module.file.uri, start: node.start, end: node.end };
}

/** The source of a node. */
export function sourceOf(node: SyntaxNode | undefined, frame: Frame): string {
  return node ? frame.module.file.text.slice(node.start, node.end) : '';
}

/** The value of a name; undefined where it is not defined. */
export function lookUp(name: string, frame: Frame): Value | undefined {
  for (let here: Frame | undefined = frame; here; here = here.outer) {
    if (here !== frame && here.classBody) continue;
    const found = here.scope.get(name);
    if (found) return found;
  }
  return frame.module.globals.get(name);
}

/** Named children without comments. */
export function named(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => child.named && child.type !== 'comment');
}

/** Writes a call down for the readers. */
export function note(
  machine: Machine,
  path: string,
  receiver: Value | undefined,
  given: Arguments,
  node: SyntaxNode,
  frame: Frame,
  result: Value,
): CallEvent {
  const list = childIn(node, 'arguments') ?? node;
  // Field by field: spreading made this the slowest step of an evaluation.
  const event: { -readonly [K in keyof CallEvent]: CallEvent[K] } = {
    positional: given.positional,
    keywords: given.keywords,
    open: given.open,
    path,
    name: path.slice(path.lastIndexOf('.') + 1),
    at: spanAt(node, frame),
    list: spanAt(list, frame),
    result,
    uncertain: machine.uncertain > 0,
    reached: machine.reached,
    loops: machine.looping,
    within: frame.function?.name ?? '',
  };
  if (receiver) event.receiver = receiver;
  if (machine.every) {
    event.every = machine.every.value;
    event.counted = machine.every.counted;
  }
  // What a call made remembers the call; what a function of the program answered remembers its own.
  if (result.kind === 'object' && !result.call) event.result = { ...result, call: event };
  if (!machine.quiet) machine.events.push(event);
  return event;
}
