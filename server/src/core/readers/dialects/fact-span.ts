import type { FactName } from '../../facts/vocabulary.ts';
import type { Span } from '../../source/span.ts';
import { spanOf } from '../../source/traced.ts';
import type { Gathered } from './key-map.ts';

/** Where a fact that was read stands. */
export function factSpan(gathered: Gathered, name: FactName): Span | undefined {
  const fact = gathered.facts.find((one) => one.name === name);
  return fact && spanOf(fact.origin);
}
