import type { SpecChange } from '../readers/reader.ts';
import { formatGiB } from '../units/format.ts';
import { likely } from '../workload/known.ts';
import { describeGain } from './advice/advise.ts';
import { devicesKnown, isDecided } from './advice/known.ts';
import { found, isWorth, propose, statedPlace, statedValue, weigh } from './propose.ts';
import type { Rule, RuleView } from './rule.ts';

/** Weights gathered for every layer where a copy of them would fit on each device. */
export const rule: Rule = {
  id: 'sharding-stage-higher-than-needed',
  meta: {
    title: 'Shards more than it needs to',
    severity: 'information',
    tags: ['waste'],
    why: 'Full sharding gathers each layer’s weights before every forward and backward pass. Where a whole copy fits beside the activations, sharding gradients and optimizer states alone sends fewer bytes and makes the host wait less.',
    evidence:
      'Messages of each stage and gathers a layer: docs/estimator-time.md; Rajbhandari et al. 2020 (ZeRO): stage 3 sends 1.5 times the bytes of stages 1 and 2. Reported only where the high end of the estimate at the lower stage still fits.',
    bad: '"zero_optimization": {"stage": 3}   # 1B model, 80 GiB cards',
    good: '"zero_optimization": {"stage": 2}',
    threshold: { percent: 8, money: 1 },
  },
  check(view) {
    const { parallelism } = view.spec;
    if (parallelism.zeroStage.kind !== 'exact' || parallelism.zeroStage.value < 2) return [];
    if (!isDecided(view) || devicesKnown(view) !== 'stated') return [];
    if ((view.estimate.devices ?? 1) < 2 || likely(parallelism.offloadParameters) !== 'none') return [];
    const span = statedPlace(view, 'parallel.zero_stage', 'parallel.fsdp_sharding');
    const [best] = lower(view, parallelism.zeroStage.value)
      .map((one) => ({ ...one, weighed: weigh(view, one.changes) }))
      .filter(({ weighed }) => weighed.after.memory?.fits === 'yes' && isWorth(view, weighed.saving))
      .sort((a, b) => (a.weighed.saving.timeShare ?? 0) - (b.weighed.saving.timeShare ?? 0));
    const memory = best?.weighed.after.memory;
    if (!span || !best || !memory?.capacity) return [];
    const proposed = propose(
      view,
      { title: best.title, changes: best.changes, safe: false, effect: 'order of sums' },
      best.weighed,
    );
    const message = `Shards weights that fit whole: ${best.words} takes ${describeGain(best.weighed.saving)}, ${formatGiB(memory.device.likely)} of ${formatGiB(memory.capacity)} GiB.`;
    return found(rule, span, message, [proposed]);
  },
};

interface Lower {
  readonly title: string;
  readonly words: string;
  readonly changes: readonly SpecChange[];
}

/** Lower stages in the words of what shards. */
function lower(view: RuleView, stage: number): readonly Lower[] {
  if (statedValue(view, 'parallel.zero_stage') !== undefined) {
    return [2, 1]
      .filter((one) => one < stage)
      .map((value) => ({
        title: `Shard at ZeRO stage ${value}`,
        words: `ZeRO stage ${value}`,
        changes: [{ name: 'parallel.zero_stage', value }],
      }));
  }
  if (stage !== 3 || statedValue(view, 'parallel.fsdp_sharding') === undefined) return [];
  return [
    {
      title: 'Keep gathered weights',
      words: 'SHARD_GRAD_OP',
      changes: [{ name: 'parallel.fsdp_sharding', value: 'shard_grad_op' }],
    },
  ];
}
