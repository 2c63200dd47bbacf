import type { Program } from '../../../evaluate/python.ts';
import { type ObjectValue, sameThing, type Value } from '../../../evaluate/value.ts';
import { once } from '../../../source/once.ts';
import { knobName } from './config-names.ts';
import { settingOf } from './keywords.ts';

/** Where a program keeps its knobs, by the kind of place. */
export interface Knobs {
  /** Options of a command line, fields of configuration classes, configuration dictionaries. */
  readonly declared: readonly Source[];
  /** Local names of the main function, then module constants. */
  readonly named: readonly Source[];
}

type Source = (name: string) => Value | undefined;

const configClass = /(Config|Configs|Args|Arguments|Params|Options|Hparams|HParams|Settings|_config|_args)$/;

const knownKnobs = new WeakMap<Program, Knobs>();
const knownBatch = new WeakMap<Program, boolean>();

/** True where a command line says of its batch size that it is that of all devices together. */
export function isBatchOfAll(program: Program): boolean {
  const known = knownBatch.get(program) ?? saysBatchOfAll(program);
  knownBatch.set(program, known);
  return known;
}

function saysBatchOfAll(program: Program): boolean {
  for (const { receiver, name } of program.events) {
    if (name !== 'Namespace' || receiver?.kind !== 'object') continue;
    for (const option of ['batch_size', 'train_batch_size', 'batch-size']) {
      const help = settingOf(receiver.fields.get(`option ${option}`), 'help');
      if (
        help?.kind === 'string' &&
        /\b(total|global|all (the )?(gpu|device|worker|process)s?|across)\b/i.test(help.value)
      )
        return true;
    }
  }
  return false;
}

/** The places where a program keeps its knobs, those declared for the purpose first. */
export function knobsOf(program: Program): Knobs {
  const known = knownKnobs.get(program) ?? findKnobs(program);
  knownKnobs.set(program, known);
  return known;
}

function findKnobs(program: Program): Knobs {
  const declared: Source[] = [];
  const classes: Source[] = [];
  const seen = new Set<object>();
  const add = (to: Source[], store: ReadonlyMap<string, Value>, entries = () => store) => {
    if (seen.has(store)) return;
    seen.add(store);
    to.push(sourceOf(entries));
  };
  const instances = new Set<string>();
  const look = (value: Value) => {
    if (value.kind === 'object' && value.path === 'argparse.Namespace')
      add(declared, value.fields, () => asDeclared(value));
    else if (value.kind === 'object' && value.class && configClass.test(value.path)) {
      instances.add(value.path);
      add(classes, value.fields);
    } else if (value.kind === 'object' && /(ConfigDict|EasyDict|SimpleNamespace|OmegaConf\.create)$/.test(value.path))
      add(classes, value.fields);
    else if (value.kind === 'dict' && isConfig(value.store)) add(classes, value.store);
    for (const section of sectionsOf(value)) add(classes, section);
  };
  if (program.flags.size > 0) add(declared, program.flags);
  for (const scope of [program.globals, ...program.locals]) for (const value of scope.values()) look(value);
  for (const event of program.events) {
    if (!event.reached) continue;
    look(event.result);
    for (const value of [...event.positional, ...event.keywords.values()]) look(value);
  }
  for (const value of program.globals.values())
    if (value.kind === 'class' && configClass.test(value.name) && !instances.has(value.name))
      add(classes, value.members);
  return {
    declared: [...declared, ...classes],
    named: [...program.locals, program.globals].map((store) => sourceOf(() => store)),
  };
}

/** Sections of a configuration that was read from a file, two levels down. */
function sectionsOf(value: Value, depth = 0, name = ''): readonly ReadonlyMap<string, Value>[] {
  const store = value.kind === 'dict' ? value.store : isLoaded(value) ? value.fields : undefined;
  if (!store || depth > 2) return [];
  const inner = [...store].flatMap(([key, one]) => sectionsOf(one, depth + 1, key));
  return depth > 0 && isConfig(store, sectionName.test(name) ? 1 : 2) ? [store, ...inner] : inner;
}

function isLoaded(value: Value): value is ObjectValue {
  return value.kind === 'object' && /OmegaConf\.create$/.test(value.path);
}

/** Options as declared: what the program later computes over them is used only where it is known and differs. */
function asDeclared(namespace: ObjectValue): ReadonlyMap<string, Value> {
  const initial = namespace.call?.keywords;
  if (!initial) return namespace.fields;
  return new Map(
    [...namespace.fields].map(([name, value]): [string, Value] => {
      const first = initial.get(name);
      const open = !/^(number|string|bool|none|list|dict)$/.test(value.kind);
      return [name, first && first.kind !== 'none' && (open || sameThing(first, value)) ? first : value];
    }),
  );
}

const telling =
  /^(lr|learning_rate|batch_size|num_epochs|epochs|seed|max_steps|weight_decay|per_device_train_batch_size|train_batch_size|model_name\w*|max_length|warmup_steps)$/;

/** Sections that hold training knobs by their name. */
const sectionName = /^(train(er|ing)?|hparams|hyperparameters|optim(izer)?)$/;

/** A dictionary that holds at least so many training knobs. */
function isConfig(store: ReadonlyMap<string, Value>, least = 2): boolean {
  let count = 0;
  for (const key of store.keys()) if (telling.test(knobName(key))) count += 1;
  return count >= least;
}

function sourceOf(entries: () => ReadonlyMap<string, Value>): Source {
  const byName = once(() => {
    const named = new Map<string, Value>();
    for (const [name, value] of entries()) {
      const knob = knobName(name);
      if (!named.has(knob)) named.set(knob, value);
    }
    return named;
  });
  return (name) => byName().get(name);
}
