import { derived, type Fact, type OpenFact, sameValue } from '../facts/fact.ts';
import type { Reading, Role } from '../facts/reading.ts';
import type { FactName } from '../facts/vocabulary.ts';
import { spanOf } from '../source/traced.ts';
import { sumConflicts } from './link-sums.ts';
import type { Conflict } from './workload.ts';

/** What readings say together: one fact a name, the rest of the names open, and where two files disagree. */
export interface JoinedFacts {
  readonly facts: readonly Fact[];
  readonly open: readonly OpenFact[];
  readonly conflicts: readonly Conflict[];
}

/** A statement of one reading; lower ranks hold over higher ones. */
interface Statement {
  readonly fact?: Fact;
  readonly open?: OpenFact;
  readonly role: Role;
  readonly uri: string;
  readonly rank: number;
}

const ranks: Readonly<Record<Role, number>> = {
  launcher: 10,
  serving: 10,
  job: 12,
  config: 20,
  fragment: 30,
  infrastructure: 35,
  program: 40,
};

/**
 * Joins the facts of readings in the order launch flag, config file, code, framework default, assumption;
 * for resources a manifest stands before the launcher inside it.
 */
export function joinFacts(readings: readonly Reading[]): JoinedFacts {
  const launchers = new Set(
    readings.filter((one) => one.role === 'launcher' || one.role === 'job').map((one) => one.uri),
  );
  const statements = new Map<FactName, Statement[]>();
  const put = (name: FactName, statement: Statement) => {
    const known = statements.get(name);
    if (known) known.push(statement);
    else statements.set(name, [statement]);
  };
  const own = ownWords(readings, launchers);
  for (const reading of readings) {
    const { role, uri } = reading;
    const guesses = (name: FactName) => launchers.has(uri) && role !== 'program' && own.has(name);
    for (const fact of reading.facts) {
      if (guesses(fact.name) && !isTogether(fact)) continue;
      put(fact.name, { fact, role, uri, rank: rankOf(fact, reading, launchers) });
    }
    for (const open of reading.open) {
      if (guesses(open.name)) continue;
      put(open.name, { open, role, uri, rank: ranks[role] + (jobSpeaks(open.name, role) ? -5 : 0) });
    }
  }
  const facts: Fact[] = [];
  const open: OpenFact[] = [];
  const conflicts: Conflict[] = [];
  for (const [name, said] of statements) {
    const [first, ...rest] = [...said].sort((a, b) => a.rank - b.rank);
    if (!first) continue;
    const holds = first.open && yields(first) ? (rest.find((one) => one.fact && one.rank < 100) ?? first) : first;
    if (holds.open) {
      open.push(holds.open);
      continue;
    }
    if (!holds.fact) continue;
    facts.push(holds.fact);
    for (const against of said) {
      if (against.fact && disagree(holds, against)) conflicts.push({ name, holds: holds.fact, against: against.fact });
    }
  }
  for (const against of readings.flatMap((one) => one.against ?? [])) {
    const holds = facts.find((one) => one.name === against.name);
    if (holds?.origin.kind === 'code' && !sameValue(holds.value, against.value))
      conflicts.push({ name: against.name, holds, against });
  }
  conflicts.push(...sumConflicts(facts));
  const known = new Set([...facts, ...open].map((one) => one.name));
  return { facts: [...facts, ...totals(facts, known)], open, conflicts };
}

function rankOf(fact: Fact, reading: Reading, launchers: ReadonlySet<string>): number {
  if (fact.origin.kind === 'framework-default') return 100;
  if (fact.origin.kind === 'assumption') return 200;
  const span = spanOf(fact.origin);
  // What several flags make together says more than the program's reading of one of them.
  if (reading.role === 'launcher' && isTogether(fact) && !fact.name.startsWith('hardware.')) return 4;
  // A program that was read with its command line knows its own flags better than a table of flags does.
  if (reading.role === 'program' && span && span.uri !== reading.uri && launchers.has(span.uri)) return 5;
  return ranks[reading.role] + (jobSpeaks(fact.name, reading.role) ? -5 : 0);
}

function isTogether(fact: Fact): boolean {
  return fact.origin.kind === 'code' && (fact.origin.also?.length ?? 0) > 0;
}

/**
 * What a program that declares its own flags fixes in its text all the same: a flag that is only named like the fact
 * did not reach it, so the launcher's table of flags has no say.
 */
function ownWords(readings: readonly Reading[], launchers: ReadonlySet<string>): ReadonlySet<FactName> {
  const programs = readings.filter((one) => one.role === 'program' && one.knowsFlags);
  return new Set(
    programs.flatMap(({ facts }) =>
      facts.flatMap(({ name, origin }) => {
        const mine = origin.kind === 'code' && !launchers.has(origin.span.uri);
        return mine && !/^(hardware|resources|job|infra)\.|^parallel\.strategy$/.test(name) ? [name] : [];
      }),
    ),
  );
}

function jobSpeaks(name: FactName, role: Role): boolean {
  return role === 'job' && /^(hardware|resources|job|infra)\./.test(name);
}

/** A config's `auto` leaves the word to the program; an open launch flag stays open, because it decides at run time. */
function yields(statement: Statement): boolean {
  return statement.role === 'config' || statement.role === 'fragment' || statement.role === 'program';
}

function disagree(holds: Statement, against: Statement): boolean {
  const [a, b] = [holds.fact, against.fact];
  if (!a || !b || a === b || a.origin.kind !== 'code' || b.origin.kind !== 'code') return false;
  const [one, other] = [spanOf(a.origin), spanOf(b.origin)];
  if (!one || !other || one.uri === other.uri || sameValue(a.value, b.value)) return false;
  // Names, folders and commands belong to each file; flags and config files are there to override the code.
  if (/^job\.|\.output_dir$|^model\.(name|path)$|^data\.dataset$/.test(a.name)) return false;
  if (against.role === 'program') return holds.role === 'fragment';
  // A config that names another one builds on it.
  return !(against.role === 'config' && (holds.role === 'launcher' || holds.role === 'config'));
}

/** The GPUs in all, where nodes and GPUs a node are both stated. */
function totals(facts: readonly Fact[], known: ReadonlySet<FactName>): readonly Fact[] {
  if (known.has('hardware.total_gpus')) return [];
  const nodes = facts.find((fact) => fact.name === 'hardware.nodes');
  const perNode = facts.find((fact) => fact.name === 'hardware.gpus_per_node');
  if (typeof nodes?.value !== 'number' || typeof perNode?.value !== 'number') return [];
  const span = spanOf(perNode.origin);
  const also = spanOf(nodes.origin);
  return span && also ? [derived('hardware.total_gpus', nodes.value * perNode.value, span, also)] : [];
}
