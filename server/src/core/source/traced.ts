import type { Span } from './span.ts';

/** Where a value comes from; what lets a hover explain it, a hint sit on it and a fix edit it. */
export type Origin =
  /** Read in the text. `derived`: computed, implied or normalised, so not spelled there. `also`: further places that take part. */
  | { readonly kind: 'code'; readonly span: Span; readonly derived?: boolean; readonly also?: readonly Span[] }
  /** The user's setting or a key of `flopwise.yaml`. */
  | { readonly kind: 'setting'; readonly key: string; readonly span?: Span }
  /** What the framework does where the code is silent. */
  | { readonly kind: 'framework-default'; readonly framework: string; readonly version: string }
  /** A row of our tables: model, dataset, accelerator, price. */
  | {
      readonly kind: 'table';
      readonly table: string;
      readonly row: string;
      readonly source: string;
      readonly asOf?: string;
    }
  /** Learned from the user's own measured runs. */
  | { readonly kind: 'calibration'; readonly runs: number }
  /** A named guess of ours; the id stands in `workload/assumptions.ts` with its reason. */
  | { readonly kind: 'assumption'; readonly id: string };

/** A value with its origin. */
export interface Traced<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** The place in code that an origin names, where it names one. */
export function spanOf(origin: Origin): Span | undefined {
  return origin.kind === 'code' || origin.kind === 'setting' ? origin.span : undefined;
}
