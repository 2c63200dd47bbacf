import type { Report, ReportRow } from '#core/report/report.ts';
import type { Span } from '#core/source/span.ts';

/** Turns a place in code into a link target; undefined where there is nothing to link to. */
export type LinkTo = (span: Span) => string | undefined;

/** Text that Markdown shows as it stands. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, (sign) => `\\${sign}`).replace(/\r?\n/g, ' ');
}

/** The answer with its figure in bold: "**$412** (330-520) to train". */
export function formatAnswer(answer: string): string {
  const figure = /^[^(,]*?(?= \(| to |,|$)/.exec(answer)?.[0].trimEnd() ?? '';
  return figure === ''
    ? escapeMarkdown(answer)
    : `**${escapeMarkdown(figure)}**${escapeMarkdown(answer.slice(figure.length))}`;
}

/** Memory on the left, the run on the right, at most `limit` lines. Empty where there is no row. */
export function formatTable(report: Pick<Report, 'rows' | 'memoryRows'>, limit: number, linkTo: LinkTo): string {
  const { rows, memoryRows } = report;
  const both = memoryRows.length > 0 && rows.length > 0;
  const cells = ({ label, value, note, at }: ReportRow) => {
    const target = at ? linkTo(at) : undefined;
    const words = escapeMarkdown(label);
    const more = note && !both ? ` ${escapeMarkdown(note)}` : '';
    return `${target ? `[${words}](${target})` : words} | ${escapeMarkdown(value)}${more}`;
  };
  const lines = Math.min(limit, Math.max(memoryRows.length, rows.length));
  if (lines === 0) return '';
  if (!both) {
    const head = memoryRows.length > 0 ? 'Memory a GPU' : 'Run';
    const list = memoryRows.length > 0 ? memoryRows : rows;
    const body = list.slice(0, limit).map((row) => `| ${cells(row)} |`);
    return [`| ${head} | |`, '| :-- | --: |', ...body].join('\n');
  }
  const body = Array.from({ length: lines }, (_, index) => {
    const left = memoryRows[index];
    const right = rows[index];
    return `| ${left ? cells(left) : ' | '} | ${right ? cells(right) : ' | '} |`;
  });
  return ['| Memory a GPU | | Run | |', '| :-- | --: | :-- | --: |', ...body].join('\n');
}
