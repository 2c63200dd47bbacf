import type { Assumption, ServingEstimate, TimeEstimate } from './estimate.ts';
import type { Plan } from './plan.ts';
import { typicalInput, typicalOutput } from './serving-time.ts';
import { acceptanceOf } from './speculation.ts';

const percent = (x: number) => `${Math.round(100 * x)}`;

/** What the time of a job rests on beyond its code, each with its size in words. */
export function timeAssumptions(
  plan: Plan,
  time: TimeEstimate | undefined,
  serving: ServingEstimate | undefined,
): readonly Assumption[] {
  const list: Assumption[] = [];
  const device = plan.accelerator?.name ?? 'device';
  if (time && plan.task !== 'serving' && time.utilization.likely > 0) {
    const { low, likely, high } = time.utilization;
    list.push({
      id: 'utilization',
      text: `${percent(likely)} % MFU (${percent(low)}-${percent(high)}) of the ${device}'s ${plan.precision.compute} peak`,
    });
  }
  if (time && plan.nodes > 1 && plan.network === undefined) {
    list.push({ id: 'network', text: `network between nodes as in the ${device}'s reference machine` });
  }
  if (
    time &&
    !plan.packed &&
    plan.meanLength >= plan.sequenceLength &&
    plan.shape &&
    !plan.shape.image &&
    plan.shape.melBins === undefined &&
    plan.task !== 'pretrain'
  ) {
    list.push({
      id: 'length',
      text: `every sample ${plan.sequenceLength} tokens long: shorter ones take less time`,
    });
  }
  if (time?.run && plan.evaluationEvery !== undefined && plan.evaluationBatches === undefined) {
    list.push({ id: 'evaluation', text: 'an evaluation passes a hundred batches' });
  }
  if (serving?.outputTokensPerSecond && plan.serving?.outputLength === undefined) {
    list.push({
      id: 'load',
      text: `prompts of ${plan.serving?.inputLength ?? typicalInput} tokens, answers of ${typicalOutput}`,
    });
  }
  const draft = serving?.outputTokensPerSecond && plan.serving?.speculation;
  const accepted = acceptanceOf(plan);
  if (draft && accepted) {
    list.push({
      id: 'speculation',
      text: `${draft.tokens} tokens drafted ahead, ${percent(accepted.likely)} % of them accepted (${percent(accepted.low)}-${percent(accepted.high)})`,
    });
  }
  if (serving?.outputTokensPerSecond && plan.serving?.prefixCaching) {
    list.push({ id: 'prefix-cache', text: 'no prompt begins like another; shared beginnings take less time' });
  }
  return list;
}
