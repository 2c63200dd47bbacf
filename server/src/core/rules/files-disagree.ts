import type { Fact } from '../facts/fact.ts';
import type { FactName } from '../facts/vocabulary.ts';
import { spanOf } from '../source/traced.ts';
import type { Workload } from '../workload/workload.ts';
import type { Finding, Rule } from './rule.ts';

/** Facts on which memory, time or money hang, with what people call them. */
const costly: Readonly<Partial<Record<FactName, string>>> = {
  'hardware.nodes': 'nodes',
  'hardware.gpus_per_node': 'GPUs a node',
  'hardware.total_gpus': 'GPUs in all',
  'hardware.accelerator': 'accelerator',
  'training.global_batch_size': 'global batch',
  'training.per_device_batch_size': 'micro batch',
  'training.gradient_accumulation_steps': 'gradient accumulation',
  'training.precision': 'precision',
  'training.mixed_precision': 'precision',
  'parallel.zero_stage': 'ZeRO stage',
};

/** Two statements of one thing that cannot both be meant. */
interface Disagreement {
  readonly what: string;
  readonly holds: Fact;
  readonly against: Fact;
}

/** Two files of one job that say different things of what decides its cost. */
export const rule: Rule = {
  id: 'files-disagree',
  meta: {
    title: 'Files of one job disagree',
    severity: 'warning',
    tags: ['money', 'waste'],
    why: 'The script, its configs, its launcher and its manifest each may set the batch, the precision, the ZeRO stage or the number of GPUs. Where they differ, one of them has no effect, the run stops at its start, or GPUs are paid for and stand idle.',
    evidence:
      'Transformers refuses a DeepSpeed config whose batch size or accumulation is not that of its arguments (`HfTrainerDeepSpeedConfig.trainer_config_process`); a scheduler gives and bills the GPUs that are asked for, used or not.',
    bad: '#SBATCH --gres=gpu:8        # job.sbatch\nnum_processes: 4            # accelerate.yaml',
    good: '#SBATCH --gres=gpu:8        # job.sbatch\nnum_processes: 8            # accelerate.yaml',
  },
  check({ workload }) {
    const seen = new Set<string>();
    return disagreements(workload).flatMap((one): Finding[] => {
      const [span, other] = [spanOf(one.against.origin), spanOf(one.holds.origin)];
      if (!span || !other) return [];
      // One thing is said once, also where it is two facts (GPUs a node, and with one node those in all).
      const key = `${span.uri} ${span.start} ${other.uri} ${span.uri === other.uri ? other.start : ''}`;
      if (seen.has(key)) return [];
      seen.add(key);
      const same = span.uri === other.uri;
      const who = same ? 'This file contradicts itself on' : 'The files of this job disagree on';
      const where = !same ? `in ${nameOf(other.uri)}` : other.start < span.start ? 'above' : 'below';
      const [here, there] = [String(one.against.value), String(one.holds.value)];
      return [
        {
          ruleId: 'files-disagree',
          severity: 'warning',
          span,
          message: `${who} ${one.what}: ${here}${sum(one.against)} here, ${there}${sum(one.holds)} ${where}${idle(one)}. The figures take ${there}.`,
          fixes: [],
          refusals: [],
          related: [{ span: other, message: `${capital(one.what)}: ${there}.` }],
        },
      ];
    });
  },
};

function disagreements({ conflicts }: Workload): readonly Disagreement[] {
  return conflicts.flatMap(({ name, holds, against }): Disagreement[] => {
    const what = costly[name];
    return what === undefined ? [] : [{ what, holds, against }];
  });
}

/** How many of the GPUs that are asked for no process uses. */
function idle({ what, holds, against }: Disagreement): string {
  if (!what.startsWith('GPUs') || typeof holds.value !== 'number' || typeof against.value !== 'number') return '';
  const unused = holds.value - against.value;
  return unused > 0 ? ` (${unused} of them would stand idle)` : '';
}

/** What a number that stands nowhere as it is was made of. */
function sum({ name, origin }: Fact): string {
  if (origin.kind !== 'code' || !origin.also) return '';
  if (name === 'hardware.total_gpus') return ' (nodes times GPUs on each)';
  return name === 'training.global_batch_size' ? ' (micro batch x accumulation x GPUs)' : '';
}

function nameOf(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
