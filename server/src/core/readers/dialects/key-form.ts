import type { FactName, FactValue } from '../../facts/vocabulary.ts';
import { toFlag, toNumber, toOptimizer, toPrecision, toScheduler } from './normalize.ts';
import { isPlainOptimizer } from './optimizer-names.ts';
import { spellPrecision } from './precision-spelling.ts';

/** A value as a format spells it: a scalar, or the scalars of a list. */
export type Plain = string | number | boolean | null | readonly string[];

/** What a value says: a fact's value (of the form's fact, or of `fact`), that it is open, or nothing at all. */
export type Answer =
  | { readonly value: FactValue; readonly fact?: FactName; readonly derived?: boolean }
  | { readonly open: string }
  | undefined;

/** How one fact is spelled under one key: read and written by the same row. */
export interface KeyForm {
  readonly fact: FactName;
  /** `raw` is the source of a scalar, for words that a loader would turn into a flag (`no`). */
  read(value: Plain, raw: string): Answer;
  /** A side of a key that states another fact first: where the key is open, this fact is not named as open too. */
  readonly quiet?: boolean;
  /** The format takes its words in either case, so a written one follows the case of the one before. */
  readonly keepsCase?: boolean;
  /** The spelling of a value in the manner of the one before, where that one has a manner of its own. */
  readonly follow?: (value: FactValue, before: string) => string | undefined;
  /** The spelling of a value; undefined where this key cannot say it. */
  write(value: FactValue): Plain | undefined;
}

const unread = (value: Plain): Answer =>
  typeof value === 'string' ? { open: `not a number here: ${value.slice(0, 60)}` } : undefined;
const one = (value: Plain): Plain => (Array.isArray(value) && value.length === 1 ? (value[0] ?? null) : value);
const numeric = (value: Plain): number | undefined =>
  typeof value === 'number' || typeof value === 'string' ? toNumber(value) : undefined;

/** Any number: a rate, a fraction, a threshold. */
export function number(fact: FactName): KeyForm {
  return {
    fact,
    read: (value) => {
      const read = numeric(one(value));
      return read === undefined ? unread(value) : { value: read };
    },
    write: (value) => (typeof value === 'number' ? value : undefined),
  };
}

/** A count above zero; zero and -1 mean off, all or computed and say nothing. */
export function count(fact: FactName): KeyForm {
  const form = number(fact);
  return {
    ...form,
    read: (value) => {
      const answer = form.read(value, '');
      return answer && 'value' in answer && Number(answer.value) <= 0 ? undefined : answer;
    },
  };
}

/** A count of steps; a fraction below one is a share of the run and fixes no number of steps. */
export function steps(fact: FactName): KeyForm {
  const form = count(fact);
  return {
    ...form,
    read: (value) => {
      const answer = form.read(value, '');
      if (!answer || !('value' in answer) || Number(answer.value) >= 1) return answer;
      return { open: 'a fraction of the whole run' };
    },
  };
}

/** A fraction between zero and one; anything else says nothing. */
export function fraction(fact: FactName): KeyForm {
  const form = number(fact);
  return {
    ...form,
    read: (value) => {
      const answer = form.read(value, '');
      return answer && 'value' in answer && !(Number(answer.value) > 0 && Number(answer.value) < 1)
        ? undefined
        : answer;
    },
  };
}

/** A name as written; lists are joined with commas. */
export function text(fact: FactName): KeyForm {
  return {
    fact,
    read: (value, raw) => {
      if (value === null || value === '') return undefined;
      if (Array.isArray(value)) return value.length > 0 ? { value: value.join(',') } : undefined;
      return { value: typeof value === 'string' ? value : raw };
    },
    write: (value) => (typeof value === 'string' ? value : undefined),
  };
}

/** A list of names, or the one string the file has. */
export function names(fact: FactName): KeyForm {
  return {
    fact,
    read: (value) => {
      if (value === null || value === '' || typeof value === 'boolean') return undefined;
      return { value: Array.isArray(value) ? value : String(value) };
    },
    write: (value) => (typeof value === 'string' || Array.isArray(value) ? value : undefined),
  };
}

/** A switch. */
export function flag(fact: FactName): KeyForm {
  return {
    fact,
    read: (value) => {
      const read = value === null || Array.isArray(value) || typeof value === 'object' ? undefined : toFlag(value);
      return read === undefined ? undefined : { value: read };
    },
    write: (value) => (typeof value === 'boolean' ? value : undefined),
  };
}

/** A switch that says the opposite (`disable_...`). */
export function inverse(fact: FactName): KeyForm {
  const form = flag(fact);
  return {
    fact,
    read: (value, raw) => {
      const answer = form.read(value, raw);
      return answer && 'value' in answer ? { value: !answer.value, derived: true } : answer;
    },
    write: (value) => (typeof value === 'boolean' ? !value : undefined),
  };
}

/** A switch that chooses one value when it is on (`bf16: true`) and says nothing when it is off, or `off`. */
export function when(fact: FactName, on: FactValue, off?: FactValue): KeyForm {
  return {
    fact,
    read: (value) => {
      const read = value === null || typeof value === 'object' ? undefined : toFlag(value);
      if (read) return { value: on };
      return read === false && off !== undefined ? { value: off } : undefined;
    },
    write: (value) => (value === on ? true : value === off || off === undefined ? false : undefined),
  };
}

/** One of the format's own words, each with the fact's value for it; other words say nothing. */
export function choice(fact: FactName, words: Readonly<Record<string, FactValue>>): KeyForm {
  return {
    fact,
    read: (value, raw) => {
      if (value === null || typeof value === 'object') return undefined;
      const word = (typeof value === 'string' ? value : raw.replace(/^['"]|['"]$/g, '')).toLowerCase();
      if (!Object.hasOwn(words, word)) return undefined;
      const meant = words[word];
      return meant === undefined ? undefined : { value: meant, derived: meant !== word };
    },
    write: (value) => Object.keys(words).find((word) => words[word] === value && !/^\d+$/.test(word)),
    keepsCase: true,
  };
}

/** A name that has a normal form; `spellings` are the format's own words for writing. */
function normal(
  fact: FactName,
  read: (text: string) => string | undefined,
  spellings: Readonly<Record<string, string>> = {},
): KeyForm {
  return {
    fact,
    read: (value, raw) => {
      if (value === null || typeof value === 'object') return undefined;
      const word = typeof value === 'string' ? value : raw;
      const meant = read(word);
      return meant === undefined ? undefined : { value: meant, derived: meant !== word };
    },
    write: (value) => {
      if (typeof value !== 'string') return undefined;
      return spellings[value] ?? (Object.keys(spellings).length > 0 ? undefined : value);
    },
  };
}

/** A precision; `spellings` map the normal name to the format's word. */
export const precision = (fact: FactName, spellings?: Readonly<Record<string, string>>): KeyForm => ({
  ...normal(fact, toPrecision, spellings),
  // The short names are those that a format has its own words for.
  follow: (value, before) =>
    spellings && /^[a-z]+\d+$/i.test(before) && !/^b?float/.test(before)
      ? undefined
      : spellPrecision(String(value), before),
});

/** An optimiser's name. */
export const optimizer = (spellings?: Readonly<Record<string, string>>): KeyForm =>
  normal('optimizer.name', toOptimizer, spellings);

/** An optimiser's name that a program reads itself: it may not know more than the plain ones. */
export const plainOptimizer = (): KeyForm => {
  const form = optimizer();
  return { ...form, write: (value) => (isPlainOptimizer(String(value)) ? form.write(value) : undefined) };
};

/** A learning-rate schedule's name. */
export const scheduler = (): KeyForm => normal('optimizer.scheduler', toScheduler);

/** A model as one key takes it: a hub id, or a path, which is another fact. */
export function model(fact: FactName = 'model.name'): KeyForm {
  const form = text(fact);
  return {
    ...form,
    read: (value, raw) => {
      const answer = form.read(value, raw);
      if (!answer || !('value' in answer)) return answer;
      return looksLikePath(String(answer.value)) ? { ...answer, fact: 'model.path' } : answer;
    },
  };
}

/** True for a file path or URI, as against a hub id such as `org/name`. */
export function looksLikePath(name: string): boolean {
  return /^(?:\.{0,2}\/|~|[a-z][a-z0-9+]*:\/\/|[A-Za-z]:\\)/.test(name) || name.split('/').length > 2;
}

/** A form whose answer is changed: for units, words and limits of one format. */
export function mapped(
  form: KeyForm,
  read: (answer: Answer, value: Plain) => Answer,
  write?: (value: FactValue) => Plain | undefined,
): KeyForm {
  return { fact: form.fact, read: (value, raw) => read(form.read(value, raw), value), write: write ?? form.write };
}

/** A row that is read and never written. */
export function readOnly(form: KeyForm): KeyForm {
  const { follow: _, ...rest } = form;
  return { ...rest, write: () => undefined };
}

/** A second fact of a key: read only, and silent where the key is open. */
export function quiet(form: KeyForm): KeyForm {
  return { ...readOnly(form), quiet: true };
}
