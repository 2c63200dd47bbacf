import { z } from 'zod';
import type { Known } from '#core/workload/known.ts';

const inFile = { kind: 'setting', key: 'spec file' } as const;

/** Where a value comes from; a file may leave it out, and is then named itself. */
const origin = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('code'),
      span: z.object({ uri: z.string(), start: z.int().min(0), end: z.int().min(0) }),
      derived: z.boolean().optional(),
    }),
    z.object({ kind: z.literal('setting'), key: z.string() }),
    z.object({ kind: z.literal('framework-default'), framework: z.string(), version: z.string() }),
    z.object({
      kind: z.literal('table'),
      table: z.string(),
      row: z.string(),
      source: z.string(),
      asOf: z.string().optional(),
    }),
    z.object({ kind: z.literal('calibration'), runs: z.int().min(0) }),
    z.object({ kind: z.literal('assumption'), id: z.string() }),
  ])
  .default(inFile);

/**
 * A field of the spec as a file may write it: a bare value, or one of the four forms of `Known`.
 * A bare value is exact; an origin left out is the file.
 */
export function known<T>(value: z.ZodType<T>) {
  return z
    .union([
      z.object({ kind: z.literal('exact'), value, origin }),
      z.object({ kind: z.literal('range'), low: value, likely: value, high: value, origin }),
      z.object({
        kind: z.literal('choice'),
        options: z.array(z.object({ value, origin, weight: z.number().min(0).max(1) })).min(1),
      }),
      z.object({ kind: z.literal('unknown'), reason: z.string().min(1) }),
      value,
    ])
    .transform((read): Known<T> => (isForm<T>(read) ? read : { kind: 'exact', value: read as T, origin: inFile }));
}

function isForm<T>(read: unknown): read is Known<T> {
  if (typeof read !== 'object' || read === null || !('kind' in read)) return false;
  return 'value' in read || 'likely' in read || 'options' in read || 'reason' in read;
}

/** As `known`, unknown where the file leaves the field out. */
export function knownOrNot<T>(value: z.ZodType<T>) {
  return known(value).default({ kind: 'unknown', reason: 'not stated' });
}
