import type { Fact, OpenFact } from '../facts/fact.ts';
import type { EmbeddedFile, Reading, Reference } from '../facts/reading.ts';
import { languageOf } from '../source/language.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import { outerSpan } from '../source/text-map.ts';
import type { Origin } from '../source/traced.ts';

/** Readings of a file that a script writes itself (a heredoc), with every place led back into the script. */
export function readEmbedded(
  reading: Reading,
  reference: Reference,
  read: (file: SourceFile) => readonly Reading[],
): readonly Reading[] {
  const file = reading.embedded?.find((one) => one.path === reference.path);
  return file ? readings(file, reading.uri, read) : [];
}

function readings(
  file: EmbeddedFile,
  host: string,
  read: (file: SourceFile) => readonly Reading[],
): readonly Reading[] {
  const uri = `${host}#${file.path.replaceAll('#', '')}`;
  const languageId = languageOf(file.path, file.text);
  if (!languageId) return [];
  const inner: SourceFile = { uri, languageId, version: 0, text: file.text };
  const place = (one: Span): Span => (one.uri === uri ? outerSpan(file.map, one.start, one.end) : one);
  return read(inner).map((one) => ({ ...movedReading(one, place), uri: file.map.uri }));
}

/** A reading with every place in it led elsewhere. */
export function movedReading(reading: Reading, span: (span: Span) => Span): Reading {
  const origin = (one: Origin): Origin => {
    if (one.kind !== 'code') return one;
    const moved = { ...one, span: span(one.span) };
    return one.also ? { ...moved, also: one.also.map(span) } : moved;
  };
  return {
    ...reading,
    anchor: span(reading.anchor),
    facts: reading.facts.map((fact): Fact => ({ ...fact, origin: origin(fact.origin) })),
    open: reading.open.map((fact): OpenFact => (fact.span ? { ...fact, span: span(fact.span) } : fact)),
    references: reading.references.map((one) => ({ ...one, span: span(one.span) })),
    problems: reading.problems.map((one) => (one.span ? { ...one, span: span(one.span) } : one)),
  };
}
