import type { Hover, Position } from 'vscode-languageserver';
import type { AnalyzedWorkload } from '#core/analyze.ts';
import { asksOf } from '#core/project/ask.ts';
import { type Say, sayPlain } from '#core/report/words.ts';
import { lineEnd } from '#core/source/lines.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import type { Span } from '#core/source/span.ts';
import { fillInCommand, showReportCommand } from '../../protocol.ts';
import type { Abilities } from '../abilities.ts';
import { escapeMarkdown, formatAnswer, formatTable } from '../markdown.ts';
import { toLocation, toOffset, toRange } from '../to-lsp.ts';
import type { View } from '../view.ts';

/** More rows than this are for the report. */
const maximumRows = 8;

/**
 * The answer, what it is made of, what it rests on: where the text under the pointer carries cost. `reach` tells how far a job
 * could go on its card; it is asked for the one job that is shown.
 */
export function viewHover(
  view: View,
  uri: string,
  position: Position,
  abilities: Pick<Abilities, 'commands'> & Partial<Pick<Abilities, 'say'>>,
  reach: (one: AnalyzedWorkload) => string = () => '',
): Hover | null {
  const offset = toOffset(view.file, uri, position);
  if (offset === undefined) return null;
  const hits = view.workloads.flatMap((one) =>
    placesOf(view.file, one)
      .filter(({ span }) => span.start <= offset && offset <= span.end)
      .map((place) => ({ ...place, one })),
  );
  const hit = hits.reduce<(typeof hits)[number] | undefined>(
    (best, next) => (!best || sizeOf(next.span) < sizeOf(best.span) ? next : best),
    undefined,
  );
  if (!hit) return null;
  const value = [hit.lead, describe(view, hit.one, uri, abilities, abilities.say ?? sayPlain, reach(hit.one))]
    .filter((text) => text)
    .join('\n\n');
  return { contents: { kind: 'markdown', value }, range: toRange(view.file, hit.span) };
}

/** The stretches of a document that answer a hover, each with what is said of it first. */
function placesOf(file: SourceFile, { report, findings, workload }: AnalyzedWorkload) {
  const places: { readonly span: Span; readonly lead?: string }[] = [];
  const add = (span: Span | undefined, lead?: string) => {
    if (span?.uri !== file.uri) return;
    const end = Math.min(span.end, lineEnd(file, span.start));
    places.push(lead ? { span: { ...span, end }, lead } : { span: { ...span, end } });
  };
  for (const anchor of workload.anchors) add(anchor);
  for (const { kind, at, tooltip } of report.hints) add(at, kind === 'cost' ? undefined : tooltip);
  for (const row of [...report.memoryRows, ...report.rows]) {
    add(row.at, `${escapeMarkdown(row.label)}: **${escapeMarkdown(row.value)}**`);
  }
  for (const { span } of findings) add(span);
  return places;
}

function describe(
  view: View,
  one: AnalyzedWorkload,
  uri: string,
  abilities: Pick<Abilities, 'commands'>,
  say: Say,
  reached: string,
): string {
  const { report } = one;
  const linkTo = (span: Span) => {
    const place = toLocation(view.files, span);
    if (!place?.uri.startsWith('file:')) return undefined;
    return `${place.uri}#L${place.range.start.line + 1},${place.range.start.character + 1}`;
  };
  const dated = view.pricesAsOf && !report.assumptions.some((text) => text.includes(view.pricesAsOf));
  const rests = [
    ...(reached === '' ? [] : [escapeMarkdown(say(reached))]),
    ...report.notes.map(escapeMarkdown),
    ...(report.assumptions.length > 0
      ? [say('Assumed: {0}', report.assumptions.map(escapeMarkdown).join(say('; ')))]
      : []),
    ...(dated ? [say('Prices of {0}', view.pricesAsOf)] : []),
  ];
  const link = `command:${showReportCommand}?${encodeURIComponent(JSON.stringify([uri]))}`;
  const blocks = [
    [report.answer && formatAnswer(report.answer), report.verdict && escapeMarkdown(report.verdict)]
      .filter((line) => line)
      .join('  \n'),
    formatTable(report, maximumRows, linkTo, say),
    rests.join('  \n'),
    abilities.commands ? [`[${say('Report')}](${link})`, ...missing(one, uri, say)].join(' · ') : '',
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** A link for each figure that the files leave out. */
function missing(one: AnalyzedWorkload, uri: string, say: Say): readonly string[] {
  return asksOf(one).map(({ path, what }) => {
    const words = encodeURIComponent(JSON.stringify([uri, path.join('.')]));
    return `[${escapeMarkdown(say('State {0}', say(what)))}](command:${fillInCommand}?${words})`;
  });
}

function sizeOf(span: Span): number {
  return span.end - span.start;
}
