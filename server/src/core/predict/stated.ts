import { exact, type Known, unknown } from '../workload/known.ts';

/** Where a value of a published run comes from. */
export const stated = { kind: 'setting', key: 'case' } as const;

/** A value that a run does not tell: `what` names it for people. */
export const not = (what: string) => unknown<never>(`${what} is not stated`);

/** A value as a run states it, or that it does not. */
export function known<T>(value: T | undefined, what: string): Known<T> {
  return value === undefined ? not(what) : exact(value, stated);
}
