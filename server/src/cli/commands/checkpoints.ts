import { exit, KnownError } from '../exit.ts';
import { runPlan } from '../lifecycle/plan.ts';
import type { Command } from './index.ts';

/** Plans the saves of jobs. */
export const command: Command = {
  name: 'checkpoints',
  usage:
    'checkpoints plan PATH... [--trace FILE|--log FILE|--hours-between H] [--restart S] [--write-rate GB/s] [--format table|json]',
  summary: 'when a run should save, and what its own interval loses',
  details: `The rate of interruptions comes from a trace of capacity (time,available rows, or JSON of gap_seconds and data), from
Slurm's log (sacct -D -P --format=JobID,State,Elapsed), or as a number of hours; else from published large runs, scaled to the
job's devices. Of spot capacity nothing is assumed: the plan is then a range.`,
  async run(argv, host) {
    const [first, ...rest] = argv;
    if (first === 'plan') return runPlan(rest, host);
    throw new KnownError('checkpoints needs the word plan and a path', exit.usage);
  },
};
