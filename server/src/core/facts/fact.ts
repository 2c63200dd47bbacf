import type { Span } from '../source/span.ts';
import type { Origin } from '../source/traced.ts';
import type { FactName, FactValue, FactValues } from './vocabulary.ts';

/** One thing the text says, with its place. */
export interface Fact<N extends FactName = FactName> {
  readonly name: N;
  readonly value: FactValues[N];
  readonly origin: Origin;
}

/** A fact that the text names and does not fix (`auto`, a placeholder, an unset variable), with the reason in the user's words. */
export interface OpenFact {
  readonly name: FactName;
  readonly reason: string;
  readonly span?: Span;
}

/** A fact read at a span. */
export function stated<N extends FactName>(name: N, value: FactValues[N], span: Span): Fact<N> {
  return { name, value, origin: { kind: 'code', span } };
}

/** A fact computed, implied or normalised from a span (and further places that take part). */
export function derived<N extends FactName>(
  name: N,
  value: FactValues[N],
  span: Span,
  ...also: readonly Span[]
): Fact<N> {
  const origin: Origin =
    also.length > 0 ? { kind: 'code', span, derived: true, also } : { kind: 'code', span, derived: true };
  return { name, value, origin };
}

/** The value of a fact in a list, the first of that name. */
export function factValue<N extends FactName>(facts: readonly Fact[], name: N): FactValues[N] | undefined {
  const found = facts.find((fact) => fact.name === name);
  return found?.value as FactValues[N] | undefined;
}

/** True where both values say the same: numbers by value, names without regard to case, lists as sets. */
export function sameValue(a: FactValue, b: FactValue): boolean {
  if (typeof a === 'object' || typeof b === 'object') {
    const set = (value: FactValue) =>
      [value]
        .flat()
        .map((one) => String(one).toLowerCase())
        .sort()
        .join('\n');
    return set(a) === set(b);
  }
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase();
  return a === b;
}
