import type { Fact } from '../facts/fact.ts';
import type { FactName } from '../facts/vocabulary.ts';
import { spanOf } from '../source/traced.ts';
import type { Workload } from '../workload/workload.ts';
import type { Finding, Rule } from './rule.ts';

/** Facts on which memory, time or money hang, with what people call them. */
const costly: Readonly<Partial<Record<FactName, string>>> = {
  'hardware.nodes': 'nodes',
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
    why: 'The script, its configs, its launcher and its manifest each may set the batch, the precision, the ZeRO stage or the number of nodes. Where they differ, one of them has no effect, or the run stops at its start.',
    evidence:
      'Transformers refuses a DeepSpeed config whose batch size or accumulation is not that of its arguments (`HfTrainerDeepSpeedConfig.trainer_config_process`).',
    bad: 'per_device_train_batch_size=8            # train.py\n"train_micro_batch_size_per_gpu": 4      # ds.json',
    good: 'per_device_train_batch_size=8            # train.py\n"train_micro_batch_size_per_gpu": "auto" # ds.json',
  },
  check({ workload }) {
    const seen = new Set<string>();
    return disagreements(workload).flatMap((one): Finding[] => {
      const [span, other] = [spanOf(one.against.origin), spanOf(one.holds.origin)];
      if (!span || !other) return [];
      // One thing is said once, also where it is two facts (GPUs in all, and with one node those of it).
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
          message: `${who} ${one.what}: ${here}${sum(one.against)} here, ${there}${sum(one.holds)} ${where}. The figures take ${there}.`,
          fixes: [],
          refusals: [],
          related: [{ span: other, message: `${capital(one.what)}: ${there}.` }],
        },
      ];
    });
  },
};

function disagreements({ conflicts }: Workload): readonly Disagreement[] {
  // Another rule speaks of GPUs that no process uses.
  const ofNode = conflicts.some(({ name }) => name === 'hardware.gpus_per_node');
  return conflicts
    .filter(({ name }) => !(ofNode && name === 'hardware.total_gpus'))
    .flatMap(({ name, holds, against }): Disagreement[] => {
      const what = costly[name];
      return what === undefined ? [] : [{ what, holds, against }];
    });
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
