import { itemsOf, type Value } from '../../../evaluate/value.ts';
import { toOptimizer, toPrecision, toScheduler } from '../normalize.ts';
import { isPlainOptimizer, trainerOptimizers } from '../optimizer-names.ts';
import { spellPrecision } from '../precision-spelling.ts';
import type { Formed, PythonForm } from './ledger.ts';

/** Source of a text in the quotes of the old one. */
export function quote(text: string, old = '"'): string {
  const mark = old.includes("'") && !old.includes('"') ? "'" : '"';
  return `${mark}${text.replace(/\\/g, '\\\\').replaceAll(mark, `\\${mark}`)}${mark}`;
}

/** The text of a string, or of the last part of a library name (`IntervalStrategy.STEPS`). */
export function textOf(value: Value): string | undefined {
  if (value.kind === 'string') return value.value;
  return undefined;
}

/** Text as written. */
export const text: PythonForm<string> = {
  read: (value) =>
    value.kind === 'string' && value.value !== ''
      ? { value: value.value }
      : value.kind === 'string'
        ? 'silent'
        : undefined,
  spell: quote,
};

/** Any number; a text that spells one counts. */
export const number: PythonForm<number> = {
  read: (value) => {
    if (value.kind === 'number') return { value: value.value };
    const parsed = value.kind === 'string' ? Number(value.value) : Number.NaN;
    return value.kind === 'string' && value.value.trim() !== '' && Number.isFinite(parsed)
      ? { value: parsed }
      : undefined;
  },
  spell: (value, old) => (/^['"].+['"]$/.test(old) ? quote(spellNumber(value), old) : spellNumber(value)),
};

/** A number that says nothing where it is zero or negative ("no limit", "off"). */
export const positive: PythonForm<number> = {
  read: (value) => {
    const read = number.read(value);
    return typeof read === 'object' && read.value <= 0 ? 'silent' : read;
  },
  spell: number.spell,
};

/** A number as people write it in Python. */
export function spellNumber(value: number): string {
  const written = String(value);
  return Math.abs(value) < 1e-3 && value !== 0 ? value.toExponential().replace('e+', 'e') : written;
}

/** A truth value. */
export const flag: PythonForm<boolean> = {
  read: (value) => {
    if (value.kind === 'bool') return { value: value.value };
    if (value.kind === 'number' && (value.value === 0 || value.value === 1))
      return { value: value.value === 1, derived: true };
    if (value.kind === 'string' && /^(true|false)$/i.test(value.value))
      return { value: value.value.toLowerCase() === 'true' };
    return undefined;
  },
  spell: (value) => (value ? 'True' : 'False'),
};

/** A truth value that may also be the name of a way (`use_gradient_checkpointing="unsloth"`). */
export const flagOrName: PythonForm<boolean> = {
  read: (value) =>
    value.kind === 'string' && value.value !== '' && flag.read(value) === undefined
      ? { value: true, derived: true }
      : flag.read(value),
  spell: (value) => (value ? 'True' : 'False'),
};

function fromName(value: Value, normal: (text: string) => string | undefined): Formed<string> {
  const name =
    value.kind === 'string' ? value.value : value.kind === 'reference' && !value.owner ? value.path : undefined;
  if (name === undefined || name === 'auto') return undefined;
  const found = normal(name);
  if (found === undefined) return undefined;
  return { value: found };
}

/** A dtype (`torch.bfloat16`, `"bf16"`), under the vocabulary's name. */
export const precision: PythonForm<string> = {
  read: (value) => {
    if (value.kind === 'number') {
      const found = toPrecision(String(value.value));
      return found === undefined ? undefined : { value: found };
    }
    return fromName(value, toPrecision);
  },
  spell: (value, old) => {
    if (old === '"') return quote(value);
    const quoted = /^(['"])(.*)\1$/.exec(old);
    const text = spellPrecision(value, quoted?.[2] ?? old);
    if (text === undefined) return undefined;
    return quoted || (/^\d+$/.test(old) && !/^\d+$/.test(text)) ? quote(text, quoted ? old : '"') : text;
  },
};

/** An optimiser's name as `TrainingArguments.optim` takes it. */
export const trainerOptimizer: PythonForm<string> = {
  read: (value) => fromName(value, toOptimizer),
  spell: (value, old) => {
    const name = trainerOptimizers[value];
    return name !== undefined && /^['"]/.test(old) ? quote(name, old) : undefined;
  },
};

/** An optimiser's name that a program reads itself: it may not know more than the plain ones. */
export const optimizer: PythonForm<string> = {
  read: (value) => fromName(value, toOptimizer),
  spell: (value, old) => (/^['"]/.test(old) && isPlainOptimizer(value) ? quote(value, old) : undefined),
};

/** A schedule's name. */
export const scheduler: PythonForm<string> = {
  read: (value) => fromName(value, toScheduler),
  spell: (value, old) => (/^['"]/.test(old) ? quote(value, old) : undefined),
};

/** A list of names, or the one text the program has. */
export const names: PythonForm<string | readonly string[]> = {
  read: (value) => {
    if (value.kind === 'string') return { value: value.value };
    if (value.kind !== 'list') return undefined;
    const items = itemsOf(value).map((one) =>
      one.kind === 'string' ? one.value : one.kind === 'number' ? String(one.value) : undefined,
    );
    const told = items.filter((one) => one !== undefined);
    return told.length === items.length && told.length > 0 ? { value: told } : undefined;
  },
  spell: (value, old) =>
    typeof value === 'string' ? quote(value, old) : `[${value.map((one) => quote(one, old)).join(', ')}]`,
};

/** A switch that names vLLM as the engine of rollouts (`use_vllm`). */
export const vllm: PythonForm<string> = {
  read: (value) => (value.kind === 'bool' ? (value.value ? { value: 'vllm', derived: true } : 'silent') : undefined),
  spell: (value) => (value === 'vllm' ? 'True' : undefined),
};

/** Where the rollout engine lives (`vllm_mode`): on the devices that train, or on a server of its own. */
export const colocated: PythonForm<boolean> = {
  read: (value) =>
    value.kind === 'string' && /^(colocate|server)$/.test(value.value)
      ? { value: value.value === 'colocate', derived: true }
      : undefined,
  spell: (value, old) => quote(value ? 'colocate' : 'server', old),
};
