import type { Program } from '../../../evaluate/python.ts';
import type { Fact } from '../../../facts/fact.ts';
import type { Reading, Reference, Role } from '../../../facts/reading.ts';
import type { FactName } from '../../../facts/vocabulary.ts';
import type { Span } from '../../../source/span.ts';
import { isTold, type Ledger } from './ledger.ts';

/** What a reader found, before it becomes a reading. */
export interface Found {
  readonly ledger: Ledger;
  readonly anchor: Span;
  readonly references?: readonly Reference[];
  readonly role?: Role;
  readonly name?: string;
  readonly defaults?: FrameworkDefaults;
}

/** What a framework does where the code is silent. */
export interface FrameworkDefaults {
  readonly framework: string;
  readonly version: string;
  readonly values: Readonly<Partial<Record<FactName, string | number | boolean>>>;
}

/** The name of a workload that has none of its own: its file's, without the extension. */
export function stemOf(uri: string): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  return decodeName(name.replace(/\.(py|ipynb)$/, ''));
}

function decodeName(name: string): string {
  return name.replace(/%20/g, ' ');
}

/** A reading of what was found; facts that the framework supplies come last and say so. */
export function toReading(reader: string, program: Program, found: Found): Reading {
  const { ledger } = found;
  const facts = [...ledger.entries.values()].map((entry) => entry.fact);
  return {
    reader,
    uri: program.file.uri,
    name: found.name ?? stemOf(program.file.uri),
    role: found.role ?? 'program',
    anchor: found.anchor,
    facts: [...facts, ...defaultFacts(ledger, found.defaults)],
    open: [...ledger.open.values()],
    references: found.references ?? [],
    ...(program.knowsFlags ? { knowsFlags: true } : {}),
    problems: [],
  };
}

function defaultFacts(ledger: Ledger, defaults: FrameworkDefaults | undefined): readonly Fact[] {
  if (!defaults) return [];
  const { framework, version } = defaults;
  const facts: Fact[] = [];
  for (const [name, value] of Object.entries(defaults.values)) {
    if (isTold(ledger, name as FactName)) continue;
    facts.push({ name: name as FactName, value, origin: { kind: 'framework-default', framework, version } });
  }
  return facts;
}
