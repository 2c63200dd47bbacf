import type { Report, ReportRow } from '#core/report/report.ts';
import { type Say, sayPlain } from '#core/report/words.ts';
import type { Span } from '#core/source/span.ts';

/** Turns a place in code into a link target; undefined where there is nothing to link to. */
export type LinkTo = (span: Span) => string | undefined;

/** Text that Markdown shows as it stands. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, (sign) => `\\${sign}`).replace(/\r?\n/g, ' ');
}

/** The answer with its figure in bold: "**$412** (330-520) to train". */
export function formatAnswer(answer: string): string {
  // A sum ends where the words begin, in whatever language they are.
  const sum = /^[^\p{L}(,（，]*(?:\/h)?/u.exec(answer)?.[0].trimEnd();
  const figure = sum || (/^[^(,]*?(?= \(| to |,|$)/.exec(answer)?.[0].trimEnd() ?? '');
  return !/\d/.test(figure)
    ? escapeMarkdown(answer)
    : `**${escapeMarkdown(figure)}**${escapeMarkdown(answer.slice(figure.length))}`;
}

/** Memory on the left, the run on the right, at most `limit` lines. Empty where there is no row. */
export function formatTable(
  report: Pick<Report, 'rows' | 'memoryRows'>,
  limit: number,
  linkTo: LinkTo,
  say: Say = sayPlain,
): string {
  const { rows, memoryRows } = report;
  const memory = memoryRows.slice(0, limit).map((row) => [labelOf(row, linkTo), escapeMarkdown(row.value)]);
  const run = rows.slice(0, limit).map((row) => [labelOf(row, linkTo), escapeMarkdown(row.value)]);
  const memoryHead = [say('Memory a GPU'), memoryRows.every(({ value }) => /^[\d.,]+$/.test(value)) ? 'GiB' : ''];
  if (memory.length === 0 && run.length === 0) return '';
  if (run.length === 0) return table(memoryHead, [':--', '--:'], memory);
  if (memory.length === 0) {
    const noted = rows.slice(0, limit).map((row, at) => [...(run[at] ?? []), escapeMarkdown(row.note ?? '')]);
    const bare = noted.every(([, , note]) => note === '');
    return bare
      ? table([say('Run'), ''], [':--', '--:'], run)
      : table([say('Run'), '', ''], [':--', '--:', ':--'], noted);
  }
  const lines = Array.from({ length: Math.max(memory.length, run.length) }, (_, at) => [
    ...(memory[at] ?? ['', '']),
    gutter,
    ...(run[at] ?? ['', '']),
  ]);
  return table([...memoryHead, gutter, say('Run'), ''], [':--', '--:', '--', ':--', '--:'], lines);
}

/** Keeps a column of figures apart from the words beside it. */
const gutter = '&emsp;';

function labelOf({ label, at }: ReportRow, linkTo: LinkTo): string {
  const target = at ? linkTo(at) : undefined;
  return target ? `[${escapeMarkdown(label)}](${target})` : escapeMarkdown(label);
}

function table(head: readonly string[], align: readonly string[], lines: readonly (readonly string[])[]): string {
  return [head, align, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
