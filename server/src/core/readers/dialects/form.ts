import type { FactValue } from '../../facts/vocabulary.ts';
import { toAccelerator } from './accelerator-name.ts';
import { type AcceleratorSpelling, spellAccelerator } from './accelerator-spelling.ts';
import { toFlag, toNumber, toPrecision } from './normalize.ts';
import { spellPrecision } from './precision-spelling.ts';
import { toCpus, toGib, toHours } from './quantity.ts';

/** What a form made of a text: the fact's value, and whether it is spelled there or worked out. */
export interface Formed<V extends FactValue> {
  readonly value: V;
  readonly derived?: boolean;
}

/** How one kind of value is written in a format: one table serves both directions. */
export interface Form<V extends FactValue> {
  /** The value of a scalar's text; undefined where the text is none of this kind. */
  read(text: string): Formed<V> | undefined;
  /** The new text in the manner of the old one; undefined where the value cannot be said so. */
  spell(value: V, old: string): string | undefined;
}

/** Text as written. */
export const words: Form<string> = {
  read: (text) => (text === '' ? undefined : { value: text }),
  spell: (value) => value,
};

/** Text with a part taken off, such as the `docker:` before an image or the `hf://` before a model. */
export function without(prefix: RegExp): Form<string> {
  return {
    read: (text) => (text.replace(prefix, '') === '' ? undefined : { value: text.replace(prefix, '') }),
    spell: (value, old) => (prefix.exec(old)?.[0] ?? '') + value,
  };
}

/** Any number. */
export const amount: Form<number> = {
  read: (text) => {
    const value = toNumber(text);
    return value === undefined ? undefined : { value };
  },
  spell: (value) => String(value),
};

/** A whole number that is not negative. */
export const count: Form<number> = {
  read: (text) => {
    const value = toNumber(text);
    return value === undefined || value < 0 || !Number.isInteger(value) ? undefined : { value };
  },
  spell: (value) => (Number.isInteger(value) && value >= 0 ? String(value) : undefined),
};

/** A truth value, in whichever words. */
export const flag: Form<boolean> = {
  read: (text) => {
    const value = toFlag(text);
    return value === undefined ? undefined : { value };
  },
  spell: (value, old) => {
    const pair = flagWords.find((one) => one.includes(old.toLowerCase())) ?? ['true', 'false'];
    const word = pair[value ? 0 : 1] ?? '';
    return /^[A-Z]/.test(old) ? word.charAt(0).toUpperCase() + word.slice(1) : word;
  },
};

const flagWords: readonly (readonly [string, string])[] = [
  ['true', 'false'],
  ['yes', 'no'],
  ['on', 'off'],
  ['1', '0'],
];

/** A truth value told by one word of two (`SPOT` against `ONDEMAND`). */
export function choice(yes: string, no: string): Form<boolean> {
  const same = (a: string, b: string) => a.toLowerCase().replace(/[-_]/g, '') === b.toLowerCase().replace(/[-_]/g, '');
  return {
    read: (text) =>
      same(text, yes) ? { value: true, derived: true } : same(text, no) ? { value: false, derived: true } : undefined,
    spell: (value) => (value ? yes : no),
  };
}

/** GiB of a quantity, to the thousandth (small ones to three digits); a plain G is taken as written, a bare number counts in `bare` units. */
export function gib(bare: '' | 'k' | 'm' | 'g' = ''): Form<number> {
  return {
    read: (text) => {
      const exact = toGib(text.replace(/\+$/, ''), bare);
      if (exact === undefined) return undefined;
      const value = exact < 0.1 ? Number(exact.toPrecision(3)) : Math.round(exact * 1000) / 1000;
      return /^\d+(\.\d+)?(g(i|b|ib)?)?\+?$/i.test(text) && (bare === 'g' || /g/i.test(text))
        ? { value }
        : { value, derived: true };
    },
    spell: (value, old) => {
      const unit = /[a-z]*\+?$/i.exec(old)?.[0] ?? '';
      const one = toGib(`1${unit.replace(/\+$/, '')}`, bare);
      return one ? `${round(value / one)}${unit}` : undefined;
    },
  };
}

/** CPUs; thousandths where the text has them. */
export const cpus: Form<number> = {
  read: (text) => {
    const value = toCpus(text);
    return value === undefined ? undefined : text.includes('m') ? { value, derived: true } : { value };
  },
  spell: (value, old) => (old.includes('m') ? `${Math.round(value * 1000)}m` : `${value}`),
};

/** Hours of a duration; a bare number counts in `unit`. */
export function hours(unit: 's' | 'm' | 'h' | 'd'): Form<number> {
  const perHour = { s: 3600, m: 60, h: 1, d: 1 / 24 };
  return {
    read: (text) => {
      const value = toHours(text, unit);
      return value === undefined || value <= 0 ? undefined : { value, derived: true };
    },
    spell: (value, old) => {
      if (/^[\d_.]+$/.test(old)) return String(round(value * perHour[unit]));
      const letter = /^\d+(?:\.\d+)?\s*([dhms])$/i.exec(old)?.[1]?.toLowerCase();
      const per = perHour[(letter ?? 'm') as 's' | 'm' | 'h' | 'd'];
      return `${round(value * per)}${letter ?? 'm'}`;
    },
  };
}

/** An accelerator by any of its names, written as the dialect writes them. */
export function accelerator(spelling: AcceleratorSpelling): Form<string> {
  return {
    read: (text) => {
      const value = toAccelerator(text);
      if (value === undefined) return undefined;
      return text.toLowerCase() === value ? { value } : { value, derived: true };
    },
    spell: (value, old) => {
      const written = spellAccelerator(value, spelling);
      return written && old !== old.toUpperCase() && spelling === 'short' && old === old.toLowerCase()
        ? written.toLowerCase()
        : written;
    },
  };
}

/** A dtype under any name. */
export const precision: Form<string> = {
  read: (text) => {
    const value = toPrecision(text);
    return value === undefined ? undefined : text.toLowerCase() === value ? { value } : { value, derived: true };
  },
  spell: (value, old) => spellPrecision(value, old === 'auto' ? 'float16' : old) ?? value,
};

/** At most nine decimals: no more is meant, and none of binary arithmetic's dust. */
function round(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}
