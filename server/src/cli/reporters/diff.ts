import type { Diff, JobDiff } from '#core/diff/diff.ts';
import type { Breach } from '#core/diff/policy.ts';
import { type DiffRow, describeJobDiff, phraseTotalsChange } from '#core/report/diff.ts';
import type { Finding } from '#core/rules/rule.ts';
import type { Problem } from '#core/source/problem.ts';
import type { CliHost } from '../host.ts';

/** A comparison ready to print. */
export interface ReportedDiff {
  readonly diff: Diff;
  /** What was compared: "main" and "work tree". */
  readonly base: string;
  readonly head: string;
  readonly breaches: readonly Breach[];
  readonly problems: readonly Problem[];
}

/** Raised whenever a field changes its meaning or goes. */
const version = 1;

const nameOf = ({ before, after }: JobDiff, host: Pick<CliHost, 'show'>) => {
  const [from, to] = [before?.workload.main, after?.workload.main];
  if (from !== undefined && to !== undefined && from !== to) return `${host.show(from)} → ${host.show(to)}`;
  return host.show(to ?? from ?? '');
};

/** For a terminal. */
export function diffTable(reported: ReportedDiff, host: Pick<CliHost, 'show'>): string {
  const { diff, base, head, breaches, problems } = reported;
  const blocks = diff.jobs.map((job) => {
    const row = describeJobDiff(job);
    const lines = [`${nameOf(job, host)}   ${row.effect}`];
    for (const [label, from, to] of figuresOf(row)) lines.push(`  ${label.padEnd(7)}  ${arrow(from, to)}`);
    for (const cause of row.causes) lines.push(`  because ${cause}`);
    for (const one of job.newFindings) lines.push(`  new ${one.severity}: ${one.message} [${one.ruleId}]`);
    for (const one of job.goneFindings) lines.push(`  gone: ${one.message} [${one.ruleId}]`);
    return lines.join('\n');
  });
  const same = diff.same > 0 ? [`${diff.same} ${diff.same === 1 ? 'job stays' : 'jobs stay'} as before.`] : [];
  const totals = phraseTotalsChange(diff);
  const broken = breaches.map((one) => `over the limit: ${breachWords(one, host)}`);
  return [
    blocks.length > 0 ? blocks.join('\n\n') : `No job differs between ${base} and ${head}.`,
    [...same, ...(totals ? [totals] : []), ...broken, ...problems.map(({ message }) => `not read: ${message}`)].join(
      '\n',
    ),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** For a pull request. */
export function diffMarkdown(reported: ReportedDiff, host: Pick<CliHost, 'show'>): string {
  const { diff, base, head, breaches } = reported;
  const rows = diff.jobs.map((job) => {
    const row = describeJobDiff(job);
    const cells = [
      `\`${nameOf(job, host)}\``,
      row.effect,
      arrow(row.before.cost, row.after.cost),
      arrow(row.before.time, row.after.time),
      arrow(row.before.memory, row.after.memory),
    ];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  const details = diff.jobs.flatMap((job) => {
    const row = describeJobDiff(job);
    const lines = [
      ...row.causes,
      ...job.newFindings.map((one) => `**${one.severity}**: ${findingWords(one)}`),
      ...job.goneFindings.map((one) => `gone: ${findingWords(one)}`),
    ];
    return lines.length > 0 ? [`**${nameOf(job, host)}**`, lines.map((line) => `- ${line}`).join('\n')] : [];
  });
  const totals = phraseTotalsChange(diff);
  const blocks = [
    `### Cost of jobs: ${diff.jobs.length === 0 ? 'no change' : `${diff.jobs.length} changed`}`,
    ...(breaches.length > 0
      ? [breaches.map((one) => `- **over the limit**: ${breachWords(one, host)}`).join('\n')]
      : []),
    ...(rows.length > 0
      ? [['| job | effect | cost | time | memory a GPU |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')]
      : []),
    ...(totals ? [totals] : []),
    ...(details.length > 0 ? [`<details><summary>Why</summary>\n\n${details.join('\n\n')}\n\n</details>`] : []),
    `<sub>Flopwise, ${base} against ${head}; ranges hold 8 runs in 10.</sub>`,
  ];
  return blocks.join('\n\n');
}

/** For programs. */
export function diffJson({ diff, base, head, breaches, problems }: ReportedDiff, host: Pick<CliHost, 'show'>): string {
  const jobs = diff.jobs.map((job) => ({
    main: host.show((job.after ?? job.before)?.workload.main ?? ''),
    ...(job.before && job.after && job.before.workload.main !== job.after.workload.main
      ? { renamedFrom: host.show(job.before.workload.main) }
      : {}),
    name: (job.after ?? job.before)?.workload.name,
    ...describeJobDiff(job),
    before: job.before?.estimate,
    after: job.after?.estimate,
    change: job.effect,
    facts: job.causes,
    newFindings: job.newFindings.map(findingJson),
    goneFindings: job.goneFindings.map(findingJson),
  }));
  const said = {
    version,
    base,
    head,
    jobs,
    same: diff.same,
    totals: { before: diff.before, after: diff.after },
    breaches: breaches.map(({ message, job }) => ({ message, ...(job ? { job: nameOf(job, host) } : {}) })),
    problems: problems.map(({ code, message }) => ({ code, message })),
  };
  return JSON.stringify(said, undefined, 2);
}

function figuresOf({ before, after }: DiffRow): readonly (readonly [string, string, string])[] {
  return [
    ['devices', before.devices, after.devices],
    ['cost', before.cost, after.cost],
    ['time', before.time, after.time],
    ['memory', before.memory, after.memory],
  ];
}

function arrow(from: string, to: string): string {
  if (from === '' || to === '' || from === to) return to || from;
  return `${from} → ${to}`;
}

function breachWords({ message, job }: Breach, host: Pick<CliHost, 'show'>): string {
  return job ? `${nameOf(job, host)}: ${message}` : message;
}

const findingWords = ({ message, ruleId }: Finding) => `${message} [${ruleId}]`;

const findingJson = ({ ruleId, severity, message }: Finding) => ({ rule: ruleId, severity, message });

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
