import type { Span } from './span.ts';

/** What could not be read or done, in the user's words: what happened, where, what to do. Never an exception. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly span?: Span;
}

/** A value with the problems met on the way to it. */
export interface Outcome<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}
