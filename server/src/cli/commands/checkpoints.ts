import { runInventory } from '../lifecycle/inventory.ts';
import { runPlan } from '../lifecycle/plan.ts';
import type { Command } from './index.ts';

/** Plans the saves of jobs, and tells what lies in a folder of them. */
export const command: Command = {
  name: 'checkpoints',
  usage:
    'checkpoints plan PATH... [--trace FILE|--log FILE|--hours-between H] | checkpoints DIR [--keep N] [--cloud C] [--measure]',
  summary: 'when a run should save; what lies in a folder of saves and what may go',
  details: `flopwise checkpoints plan PATH... [--trace FILE|--log FILE|--hours-between H] [--restart S] [--write-rate GB/s] [--format table|json]
  The rate of interruptions comes from a trace of capacity (time,available rows, or JSON of gap_seconds and data), from Slurm's
  log (sacct -D -P --format=JobID,State,Elapsed), or as a number of hours; else from published large runs, scaled to the job's
  devices. Of spot capacity nothing is assumed: the plan is then a range.

flopwise checkpoints DIR [--keep N] [--cloud C [--region R] [--class NAME]] [--measure] [--list] [--format table|json]
  Saves of the Hugging Face trainer, PEFT, Accelerate, DeepSpeed, FSDP (distributed checkpoints), Megatron, Lightning and Orbax:
  their bytes, dollars a month, and which may go where the newest N (2) are kept. The save that a run resumes from and the best
  one always stay; what cannot be told apart stays. Nothing is changed. --measure samples the files with zstd and looks for copies.`,
  async run(argv, host) {
    const [first, ...rest] = argv;
    return first === 'plan' ? runPlan(rest, host) : runInventory(argv, host);
  },
};
