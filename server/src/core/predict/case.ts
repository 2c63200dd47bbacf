/** One published run as its file has it: what ran, on what, with which settings, and the names of what was measured. */
export interface PredictCase {
  readonly id: string;
  readonly task: string;
  readonly model: unknown;
  readonly framework?: string;
  readonly hardware: unknown;
  readonly config: unknown;
  readonly measured: unknown;
}

/** A record of unknown content, read key by key. */
export interface Sheet {
  readonly has: (key: string) => boolean;
  readonly text: (key: string) => string | undefined;
  readonly number: (key: string) => number | undefined;
  readonly flag: (key: string) => boolean | undefined;
  readonly names: (key: string) => readonly string[] | undefined;
  readonly sheet: (key: string) => Sheet;
  readonly keys: readonly string[];
}

/** Wraps any value so that absent and ill-typed keys read as undefined. */
export function sheetOf(value: unknown): Sheet {
  const record: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  const get = (key: string): unknown => (Object.hasOwn(record, key) ? record[key] : undefined);
  return {
    has: (key) => get(key) !== undefined && get(key) !== null,
    text: (key) => {
      const found = get(key);
      return typeof found === 'string' ? found : undefined;
    },
    number: (key) => {
      const found = get(key);
      return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
    },
    flag: (key) => {
      const found = get(key);
      if (typeof found === 'boolean') return found;
      return found === 'true' ? true : found === 'false' ? false : undefined;
    },
    names: (key) => {
      const found = get(key);
      if (typeof found === 'string') return found.split(',').map((name) => name.trim());
      return Array.isArray(found) ? found.filter((one): one is string => typeof one === 'string') : undefined;
    },
    sheet: (key) => sheetOf(get(key)),
    keys: Object.keys(record),
  };
}
