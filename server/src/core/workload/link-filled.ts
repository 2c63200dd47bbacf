import type { Reading, Word } from '../facts/reading.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import { movedReading } from './link-embedded.ts';

/** A stretch of a filled text with the place that fixes it. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  /** Where the stretch starts in the template. */
  readonly outer: number;
  /** What fills it, for a name that was replaced. */
  readonly word?: Word;
}

/**
 * Readings of a template after its `$NAME` and `${NAME}` are filled from an environment. A value that is a filled name
 * stands where the environment sets it, all else where it stands in the template. Names that the environment lacks stay.
 */
export function readFilled(
  template: SourceFile,
  environment: ReadonlyMap<string, Word>,
  read: (file: SourceFile) => readonly Reading[],
): readonly Reading[] {
  const stretches: Stretch[] = [];
  let text = '';
  let from = 0;
  const keep = (until: number) => {
    const kept = template.text.slice(from, until);
    stretches.push({ start: text.length, end: text.length + kept.length, outer: from });
    text += kept;
  };
  for (const match of template.text.matchAll(/\$\{(\w+)\}|\$(\w+)/g)) {
    const word = environment.get(match[1] ?? match[2] ?? '');
    if (!word) continue;
    keep(match.index);
    stretches.push({ start: text.length, end: text.length + word.text.length, outer: match.index, word });
    text += word.text;
    from = match.index + match[0].length;
  }
  if (from === 0) return read(template);
  keep(template.text.length);
  const uri = `${template.uri}#filled`;
  const offset = (inner: number): number => {
    const stretch = stretches.find((one) => inner >= one.start && inner < one.end) ?? stretches.at(-1);
    return stretch ? stretch.outer + (stretch.word ? 0 : inner - stretch.start) : 0;
  };
  const place = (span: Span): Span => {
    if (span.uri !== uri) return span;
    const inside = stretches.find((one) => one.word && span.start >= one.start && span.end <= one.end);
    if (inside?.word) return inside.word.span;
    return { uri: template.uri, start: offset(span.start), end: offset(span.end) };
  };
  return read({ ...template, uri, text }).map((one) => ({ ...movedReading(one, place), uri: template.uri }));
}
