import { rules } from './rules/index.ts';
import type { RuleMeta } from './rules/rule.ts';
import { nearestWords } from './source/nearest.ts';
import type { Problem } from './source/problem.ts';
import type { SourceFile } from './source/source-file.ts';
import type { Span } from './source/span.ts';

/** One rule named by a comment `# flopwise: ignore[rule-id, …] reason, until 2027-01-31`. */
export interface PragmaRule {
  readonly span: Span;
  readonly id: string;
  /** Absent where no rule has that id. */
  readonly meta?: RuleMeta;
}

/** A comment that silences rules, with its parts. */
export interface Pragma {
  readonly rules: readonly PragmaRule[];
  /** Place of the words between the brackets. */
  readonly list: Span;
  readonly until?: { readonly span: Span; readonly date: string };
}

const comment = /(?:#|\/\/)\s*flopwise:\s*ignore\[([^\]\n]*)\]([^\n]*)/g;

/** The comments of a document that silence rules. */
export function readPragmas({ uri, text }: Pick<SourceFile, 'uri' | 'text'>): readonly Pragma[] {
  if (!text.includes('flopwise:')) return [];
  return [...text.matchAll(comment)].map((match): Pragma => {
    const [whole, list = '', words = ''] = match;
    const start = match.index + whole.indexOf('[') + 1;
    const named = [...list.matchAll(/[^\s,]+/g)].map(({ 0: id, index }): PragmaRule => {
      const meta = rules.find((rule) => rule.id === id)?.meta;
      return { id, span: { uri, start: start + index, end: start + index + id.length }, ...(meta && { meta }) };
    });
    const until = /\buntil\s+(\d{4}-\d{2}-\d{2})\b/.exec(words);
    const [, date = ''] = until ?? [];
    const at = start + list.length + 1 + (until?.index ?? 0) + (until?.[0].length ?? 0) - date.length;
    return {
      rules: named,
      list: { uri, start, end: start + list.length },
      ...(until && { until: { date, span: { uri, start: at, end: at + date.length } } }),
    };
  });
}

/** What does not hold in such comments: rules that are not there, dates that have passed, lists of nothing. */
export function checkPragmas(file: Pick<SourceFile, 'uri' | 'text'>, today: string | undefined): readonly Problem[] {
  const ids = rules.map(({ id }) => id);
  return readPragmas(file).flatMap(({ rules: named, list, until }): readonly Problem[] => {
    const unknown = named.filter(({ meta }) => !meta);
    return [
      ...unknown.map(({ id, span }) => ({ code: 'comment', message: `There is no rule ${id}${like(id, ids)}.`, span })),
      ...(named.length === 0
        ? [{ code: 'comment', message: 'No rule is named: nothing is silenced.', span: list }]
        : []),
      ...(until && today !== undefined && until.date < today
        ? [{ code: 'comment', message: `${until.date} has passed: the comment silences nothing.`, span: until.span }]
        : []),
    ];
  });
}

function like(word: string, known: readonly string[]): string {
  const near = nearestWords(word, known, 2);
  return near.length > 0 ? ` (did you mean ${near.join(' or ')}?)` : '';
}

/** What could stand at an offset inside such a comment: rules that it does not name yet. `start` to `end` is the word written so far. */
export function completePragma(
  text: string,
  offset: number,
):
  | { readonly start: number; readonly end: number; readonly rules: readonly { id: string; meta: RuleMeta }[] }
  | undefined {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const written = /(?:#|\/\/)\s*flopwise:\s*ignore\[([\w\s,-]*)$/.exec(line)?.[1];
  if (written === undefined) return undefined;
  const word = /[\w-]*$/.exec(written)?.[0] ?? '';
  const rest = /^[\w-]*/.exec(text.slice(offset))?.[0] ?? '';
  const named = written.slice(0, written.length - word.length).split(/[\s,]+/);
  return {
    start: offset - word.length,
    end: offset + rest.length,
    rules: rules.filter(({ id }) => !named.includes(id)),
  };
}
