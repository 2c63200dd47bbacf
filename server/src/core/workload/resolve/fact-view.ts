import type { Fact } from '../../facts/fact.ts';
import type { FactName, FactValues } from '../../facts/vocabulary.ts';
import type { Origin } from '../../source/traced.ts';
import { exact, type Known, unknown } from '../known.ts';
import type { CodeSpec } from '../spec.ts';
import type { Workload } from '../workload.ts';
import { stackOf } from './stack.ts';

/** A workload's facts by name, as resolution asks for them. */
export interface FactView {
  readonly workload: Workload;
  readonly stack: CodeSpec['stack'];
  /** The fact's value; undefined where it is not stated or left open. */
  get<N extends FactName>(name: N): FactValues[N] | undefined;
  /** Where the value comes from. */
  origin(name: FactName): Origin | undefined;
  /** The value with its origin, or unknown with the reason that the text gives. */
  known<N extends FactName>(name: N): Known<FactValues[N]>;
  /** As `known`, undefined where nothing at all is said of it: for fields that may be absent. */
  maybe<N extends FactName>(name: N): Known<FactValues[N]> | undefined;
  /** A value worked out from facts, traced to the first of them that is stated. */
  from<T>(value: T, ...names: readonly FactName[]): Known<T>;
}

/** Indexes a workload's facts once. */
export function viewFacts(workload: Workload): FactView {
  const facts = new Map<FactName, Fact>();
  for (const fact of workload.facts) if (!facts.has(fact.name)) facts.set(fact.name, fact);
  const open = new Map(workload.open.map((fact) => [fact.name, fact]));
  const view: FactView = {
    workload,
    stack: stackOf(workload),
    get: <N extends FactName>(name: N) => facts.get(name)?.value as FactValues[N] | undefined,
    origin: (name) => facts.get(name)?.origin,
    known<N extends FactName>(name: N): Known<FactValues[N]> {
      const fact = facts.get(name);
      if (fact) return exact(fact.value as FactValues[N], fact.origin);
      return unknown(open.get(name)?.reason ?? 'not stated');
    },
    maybe: (name) => (facts.has(name) || open.has(name) ? view.known(name) : undefined),
    from<T>(value: T, ...names: readonly FactName[]): Known<T> {
      const origin = names.map((name) => facts.get(name)?.origin).find((one) => one !== undefined);
      return origin ? exact(value, origin) : unknown('not stated');
    },
  };
  return view;
}
