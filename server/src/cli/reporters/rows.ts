import type { TableRows } from '#core/catalog/table.ts';
import type { Problem } from '#core/source/problem.ts';
import { KnownError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import { type Column, formatColumns } from './columns.ts';

/** How a table of the catalog is printed. */
export interface RowsReport<R> {
  readonly columns: readonly Column<R>[];
  /** `json` for programs, anything else for people. */
  readonly format: string;
  /** What was said while the tables were loaded. */
  readonly notices: readonly Problem[];
  /** What one row is, for the sentence where there is none. */
  readonly empty: string;
  /** A line under the table. */
  readonly foot?: string;
}

/** Raised whenever a field changes its meaning or goes. */
const version = 1;

/** Prints rows to the output and what went wrong to the error stream (in JSON beside the rows). No row at all is a known failure. */
export function reportRows<R>({ rows, problems }: TableRows<R>, report: RowsReport<R>, host: CliHost): void {
  if (rows.length === 0) throw new KnownError(problems[0]?.message ?? `no ${report.empty} fits what is asked`);
  if (report.format === 'json') {
    host.out(JSON.stringify(rowsJson({ rows, problems }, report.notices), undefined, 2));
    return;
  }
  host.out(formatColumns(report.columns, rows, host));
  if (report.foot) host.out(`\n${report.foot}`);
  for (const { message } of [...report.notices, ...problems]) host.error(`flopwise: ${message}`);
}

/** Rows for programs, with what was said beside them. */
export function rowsJson<R>({ rows, problems }: TableRows<R>, notices: readonly Problem[]) {
  const said = [...notices, ...problems].map(({ code, message }) => ({ code, message }));
  return { version, rows, problems: said };
}
