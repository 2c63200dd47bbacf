import type { CandidateRow } from '#core/report/candidates.ts';
import type { Candidate } from '#core/search/search.ts';
import type { Problem } from '#core/source/problem.ts';
import { type Column, formatColumns } from './columns.ts';

/** One job with what a search found for it, or why it was not searched. */
export interface Optimized {
  readonly name: string;
  readonly main: string;
  readonly answer: string;
  readonly verdict: string;
  readonly reason?: string;
  readonly examined?: number;
  readonly candidates?: readonly { readonly row: CandidateRow; readonly candidate: Candidate }[];
}

/** All jobs of one command. */
export interface OptimizedJobs {
  readonly jobs: readonly Optimized[];
  readonly problems: readonly Problem[];
}

/** Raised whenever a field changes its meaning or goes. */
const version = 1;

const columns: readonly Column<CandidateRow>[] = [
  { title: 'machines', cell: (row) => row.machines },
  { title: 'time', cell: (row) => row.time },
  { title: 'cost', cell: (row) => row.cost },
  { title: 'memory a GPU', cell: (row) => row.memory },
  { title: 'settings', cell: (row) => (row.safe ? row.settings : `${row.settings} (changes numerics)`) },
  { title: 'against now', cell: (row) => row.effect },
  { title: 'price', cell: (row) => `${row.perHour}, ${row.offer}` },
];

/** For a terminal: the job as it stands, then its candidates, cheapest first. */
export function candidatesTable({ jobs, problems }: OptimizedJobs): string {
  const blocks = jobs.map(({ main, answer, verdict, reason, examined, candidates = [] }) => {
    const head = `${main}   now: ${answer}. ${verdict}.`;
    if (reason !== undefined) return `${head}\n  not searched: ${reason}`;
    if (candidates.length === 0)
      return `${head}\n  Nothing fits the limits among ${examined?.toLocaleString('en-US')} configurations.`;
    const table = formatColumns(
      columns,
      candidates.map(({ row }) => row),
    );
    return `${head}\n${indent(table)}\n  ${examined?.toLocaleString('en-US')} configurations looked at; ranges hold 8 runs in 10.`;
  });
  if (blocks.length === 0) blocks.push('No training or serving job was found.');
  return [...blocks, ...problems.map(({ message }) => `not read: ${message}`)].join('\n\n');
}

/** For programs: every figure with its range in base units, the facts that change, and the texts. */
export function toCandidatesJson({ jobs, problems }: OptimizedJobs) {
  const workloads = jobs.map(({ name, main, answer, verdict, reason, examined, candidates = [] }) => ({
    name,
    main,
    answer,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    ...(examined === undefined ? {} : { examined }),
    candidates: candidates.map(({ row, candidate }) => ({
      ...row,
      changes: candidate.changes,
      estimate: candidate.estimate,
      saving: candidate.saving,
    })),
  }));
  return { version, workloads, problems: problems.map(({ code, message }) => ({ code, message })) };
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
