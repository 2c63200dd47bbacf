import type { PageModel } from '#core/report/page.ts';
import type { Say } from '#core/report/words.ts';
import { tableToMarkdown } from './tables.ts';

/** The whole page as Markdown: every table, no pictures. */
export function pageToMarkdown({ jobs, problems, pricesAsOf }: PageModel, say: Say): string {
  const list = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n');
  const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? [`## ${title}`, list(lines)] : []);
  const blocks = jobs.flatMap(({ name, answer, verdict, title, plots, findings, notes }) => [
    `# ${name}`,
    answer,
    verdict,
    title,
    ...section(
      say('Findings'),
      findings.map(({ message, fixes }) => [message, ...fixes.map((fix) => `→ ${fix}`)].join('  \n  ')),
    ),
    ...plots.flatMap((plot) => [
      `## ${plot.title}`,
      plot.summary,
      ...(plot.table.rows.length > 0 ? [tableToMarkdown(plot.table)] : []),
      ...plot.notes,
    ]),
    ...section(say('Rests on'), notes),
  ]);
  const nothing = jobs.length === 0 ? [say('No job is stated here.')] : [];
  const dated = pricesAsOf === '' ? [] : [say('Prices of {0}.', pricesAsOf)];
  return `${[...nothing, ...blocks, ...section(say('Not read'), problems), ...dated].join('\n\n')}\n`;
}
