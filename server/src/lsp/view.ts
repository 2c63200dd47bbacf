import type { AnalyzedWorkload } from '#core/analyze.ts';
import type { Hint } from '#core/report/report.ts';
import { distinctFindings } from '#core/rules/distinct.ts';
import type { Finding } from '#core/rules/rule.ts';
import type { Problem } from '#core/source/problem.ts';
import type { SourceFile } from '#core/source/source-file.ts';

/** What the surfaces of one document show: plain values that hold for `file`'s version. */
export interface View {
  readonly file: SourceFile;
  /** Every file that took part, by URI; spans of the workloads lie in these. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** The jobs that this document takes part in. */
  readonly workloads: readonly AnalyzedWorkload[];
  readonly problems: readonly Problem[];
  /** Newest price date of the tables. */
  readonly pricesAsOf: string;
}

/** The hints that stand in the view's document, in the order of their lines, none twice. */
export function hintsIn(view: View): readonly Hint[] {
  const hints = view.workloads.flatMap(({ report }) => report.hints).filter((hint) => hint.at.uri === view.file.uri);
  return distinct(hints, (hint) => `${hint.at.start} ${hint.parts.map((part) => part.text).join('')}`).sort(
    (a, b) => a.at.start - b.at.start,
  );
}

/** The findings that stand in the view's document, none twice (two launchers of one script find the same). */
export function findingsIn(view: View): readonly Finding[] {
  const findings = view.workloads.flatMap((one) => one.findings).filter(({ span }) => span.uri === view.file.uri);
  return distinctFindings(findings);
}

function distinct<T>(values: readonly T[], mark: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [mark(value), value])).values()];
}
