import { formatMoneyInterval } from '../units/format.ts';
import { found, type Proposal, propose, statedPlace } from './propose.ts';
import type { Rule } from './rule.ts';

/** Decimal GB of data whose size is not known, held against the threshold. */
const terabyte = 1000;

/** Data that every epoch reads over a way that is billed. */
export const rule: Rule = {
  id: 'data-in-another-region',
  meta: {
    title: 'Data is in another region',
    severity: 'information',
    tags: ['money'],
    why: 'Clouds bill each gigabyte that leaves a region, and a mounted or streamed bucket is read again at every epoch. Machines beside the data, or one copy beside the machines, pay it once or never.',
    evidence:
      'Prices of traffic with their dates as in pricing-data. Reported only where the region of the machines is stated and that of the bucket is in its name, in the file or in flopwise.yaml.',
    bad: 'resources: {infra: aws/us-east-1}\nfile_mounts:\n  /data: {source: "s3://sagemaker-us-west-2-123456789012", mode: MOUNT}',
    good: 'resources: {infra: aws/us-west-2}\nfile_mounts:\n  /data: {source: "s3://sagemaker-us-west-2-123456789012", mode: MOUNT}',
    threshold: { money: 5 },
  },
  check(view) {
    const { placement } = view.estimate;
    const region = statedPlace(view, 'infra.region');
    if (!placement?.from || !region || (placement.crossing !== 'region' && placement.crossing !== 'cloud')) return [];
    const { from, to, total, perGB, copyOnce, reads = 1 } = placement;
    const { money = 0 } = view.threshold ?? {};
    // Where the size is not known, a terabyte stands for it.
    const amount = total?.micros.likely ?? (perGB?.micros.likely ?? 0) * terabyte * reads;
    if (amount / 1e6 < money * (view.settings.exchangeRate ?? 1)) return [];
    const span = statedPlace(view, 'data.bucket', 'data.dataset') ?? region;
    const times = reads === 1 ? 'once' : `${reads} times`;
    const cost = total
      ? ` Reading it ${times} costs ${formatMoneyInterval(total)}.`
      : perGB
        ? ` Each GB of it costs ${formatMoneyInterval(perGB)}, read ${times}.`
        : ' What the way costs is not known.';
    const copy = total && copyOnce && copyOnce.micros.likely < total.micros.likely;
    const instead = copy ? ` One copy beside the machines costs ${formatMoneyInterval(copyOnce)}.` : '';
    const where = `The data is in ${from.cloud} ${from.region ?? '(region not known)'}, the machines in ${to.cloud} ${to.region ?? ''}`;
    const move: Proposal = {
      title: `Run in ${from.region ?? ''}, beside the data`,
      changes: [{ name: 'infra.region', value: from.region ?? '' }],
      safe: true,
      optional: true,
    };
    const moved = placement.crossing === 'region' && from.region !== undefined ? [propose(view, move)] : [];
    const related = [{ span: region, message: 'the machines are here' }];
    return found(rule, span, `${where.trimEnd()}.${cost}${instead}`, moved, { related });
  },
};
