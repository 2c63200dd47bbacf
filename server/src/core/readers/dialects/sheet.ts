import { derived, type Fact, type OpenFact, stated } from '../../facts/fact.ts';
import type { ProgramFamily, Reading, Reference, Role } from '../../facts/reading.ts';
import type { FactName, FactValue, FactValues } from '../../facts/vocabulary.ts';
import type { Problem } from '../../source/problem.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { Span } from '../../source/span.ts';
import type { DataNode, DataScalar } from '../../syntax/data.ts';
import type { WriteResult } from '../reader.ts';
import type { Form } from './form.ts';
import { holeIn } from './hole.ts';
import { quoteLike } from './quote.ts';

/** Sets one fact where it stands, or where it would stand. */
export type Writer = (value: FactValue) => WriteResult;

/** What is found of one workload while a file is walked: its facts, and for each the way to write it back. */
export interface Sheet {
  readonly file: SourceFile;
  readonly facts: Fact[];
  readonly open: OpenFact[];
  /** Statements that contradict a fact of the sheet; they have no say. */
  readonly against: Fact[];
  readonly references: Reference[];
  readonly problems: Problem[];
  readonly writers: Map<FactName, Writer>;
  /** Families of the programs that its commands start, in their order. */
  readonly families: ProgramFamily[];
}

/** One workload of a file: what it states, and how each fact of it is written. */
export interface Survey {
  readonly reading: Reading;
  readonly writers: ReadonlyMap<FactName, Writer>;
}

/** An empty sheet for a workload of a file. */
export function newSheet(file: SourceFile): Sheet {
  return { file, facts: [], open: [], against: [], references: [], problems: [], writers: new Map(), families: [] };
}

/** True where the sheet has the fact already, fixed or open. */
export function has(sheet: Sheet, name: FactName): boolean {
  return sheet.facts.some((fact) => fact.name === name) || sheet.open.some((fact) => fact.name === name);
}

/** The value of a fact on the sheet. */
export function valueOn<N extends FactName>(sheet: Sheet, name: N): FactValues[N] | undefined {
  return sheet.facts.find((fact) => fact.name === name)?.value as FactValues[N] | undefined;
}

/**
 * Puts a fact on the sheet from a scalar, in a form. The first statement of a fact counts. An empty value, a template
 * and a placeholder leave the fact open with the reason; a value of another kind is passed over.
 */
export function put<N extends FactName>(
  sheet: Sheet,
  name: N,
  node: DataNode | undefined,
  form: Form<FactValues[N]>,
): boolean {
  if (node?.kind !== 'scalar' || has(sheet, name)) return false;
  const text = node.value === null ? '' : String(node.value).trim();
  if (text === '' || text === 'null') return leaveOpen(sheet, name, 'No value is given here.', node.span);
  const hole = holeIn(text, node.style);
  if (hole) return leaveOpen(sheet, name, hole, node.span);
  const formed = form.read(text);
  if (!formed) return false;
  add(sheet, name, formed.value, node.span, formed.derived);
  sheet.writers.set(name, (value) => {
    const spelled = form.spell(value as FactValues[N], text);
    if (spelled === undefined) return { refused: `This format has no word for ${String(value)}.` };
    return rewrite(sheet.file, node, spelled);
  });
  return true;
}

/** Puts a fact that stands at a span as it is, without a way back. */
export function add<N extends FactName>(
  sheet: Sheet,
  name: N,
  value: FactValues[N],
  span: Span,
  isDerived = false,
  ...also: readonly Span[]
): void {
  if (has(sheet, name)) return;
  sheet.facts.push(isDerived || also.length > 0 ? derived(name, value, span, ...also) : stated(name, value, span));
}

/** Puts a fact that another one implies; `why` is told to whoever wants it changed. */
export function imply<N extends FactName>(
  sheet: Sheet,
  name: N,
  value: FactValues[N],
  span: Span,
  why: string,
  ...also: readonly Span[]
): void {
  if (has(sheet, name)) return;
  sheet.facts.push(derived(name, value, span, ...also));
  sheet.writers.set(name, () => ({ refused: why }));
}

/** Notes that the text names a fact and does not fix it. */
export function leaveOpen(sheet: Sheet, name: FactName, reason: string, span?: Span): false {
  if (has(sheet, name)) return false;
  sheet.open.push(span ? { name, reason, span } : { name, reason });
  sheet.writers.set(name, () => ({ refused: reason }));
  return false;
}

/** The workload of a sheet. */
export function survey(sheet: Sheet, reader: string, name: string, role: Role, anchor: Span): Survey {
  const { file, open, against, references, problems, writers, families } = sheet;
  const [family] = families;
  // The vendor is worth saying only where nothing names the device.
  const named = sheet.facts.some((fact) => fact.name === 'hardware.accelerator');
  const facts = named ? sheet.facts.filter((fact) => fact.name !== 'hardware.accelerator_vendor') : sheet.facts;
  const contradicted = against.length > 0 ? { against } : {};
  return {
    reading: {
      reader,
      uri: file.uri,
      name,
      role,
      anchor,
      facts,
      open,
      ...contradicted,
      references,
      ...(family ? { family } : {}),
      problems,
    },
    writers,
  };
}

/** Replaces a scalar's text and keeps its quotes; refuses where the text is spread over lines. */
export function rewrite(file: SourceFile, node: DataScalar, text: string): WriteResult {
  if (node.style === 'literal' || node.style === 'folded' || node.raw.includes('\n')) {
    return { refused: 'This value is spread over several lines.' };
  }
  const quoted = quoteLike(file.languageId, node, text);
  return quoted === node.raw ? { edits: [] } : { edits: [{ span: node.span, text: quoted }] };
}
