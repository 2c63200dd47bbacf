import type { SpecChange } from '../readers/reader.ts';
import { formatMoneyInterval } from '../units/format.ts';
import { likely } from '../workload/known.ts';
import { amountSaved, percentOf } from './advice/advise.ts';
import { batchOf } from './advice/batch.ts';
import { devicesKnown, isDecided } from './advice/known.ts';
import { found, isWorth, propose, statedPlace, statedValue, weigh } from './propose.ts';
import type { Rule } from './rule.ts';

/** Several nodes that spend on their network what one node would not. */
export const rule: Rule = {
  id: 'multi-node-where-one-node-is-cheaper',
  meta: {
    title: 'One node would be cheaper',
    severity: 'information',
    tags: ['money', 'waste'],
    why: 'Between nodes gradients and gathered weights travel over a network many times slower than the links inside. Where one node holds the job, the same samples cost less there, in more hours of wall clock.',
    evidence:
      'Messages of each kind of parallelism and the rates of links and networks: docs/estimator-time.md. The global batch is kept by more accumulation.',
    bad: '#SBATCH --nodes=4\n#SBATCH --gres=gpu:8   # a LoRA of an 8B model',
    good: '#SBATCH --nodes=1\n#SBATCH --gres=gpu:8',
    threshold: { percent: 10, money: 10 },
  },
  check(view) {
    const nodes = statedValue(view, 'hardware.nodes');
    const batch = batchOf(view);
    const { cost } = view.estimate;
    if (nodes === undefined || nodes < 2 || !batch || !cost?.total || !isDecided(view)) return [];
    if (devicesKnown(view) !== 'stated' || statedValue(view, 'parallel.dp') !== undefined) return [];
    const { tensorParallel, pipelineParallel } = view.spec.parallelism;
    if ((likely(tensorParallel) ?? 1) * (likely(pipelineParallel) ?? 1) > 1) return [];
    const span = statedPlace(view, 'hardware.nodes');
    const keeps: readonly SpecChange[] =
      statedValue(view, 'training.global_batch_size') !== undefined &&
      statedValue(view, 'training.gradient_accumulation_steps') === undefined
        ? []
        : [{ name: 'training.gradient_accumulation_steps', value: batch.accumulation * nodes }];
    const total: readonly SpecChange[] =
      statedValue(view, 'hardware.gpus_per_node') !== undefined ||
      statedValue(view, 'hardware.total_gpus') === undefined
        ? []
        : [{ name: 'hardware.total_gpus', value: likely(view.spec.resources.perNode) ?? 1 }];
    const changes: readonly SpecChange[] = [{ name: 'hardware.nodes', value: 1 }, ...total, ...keeps];
    const weighed = weigh(view, changes);
    const { saving, after } = weighed;
    if (!span || !saving.cost || after.memory?.fits !== 'yes' || !isWorth(view, saving)) return [];
    const proposed = propose(
      view,
      { title: 'Run on one node', changes, safe: false, effect: 'same global batch' },
      weighed,
    );
    const message = `${nodes} nodes spend much of each step on their network: one node does the same for ${formatMoneyInterval(amountSaved(saving.cost))} less, in ${percentOf(saving.timeShare ?? 0)} % more time.`;
    return found(rule, span, message, [proposed]);
  },
};
