import type { Offer } from '../catalog/offer.ts';
import { isEverywhere } from '../catalog/offer-index.ts';
import type { SpecChange } from '../readers/reader.ts';
import { formatMoney, formatMoneyInterval } from '../units/format.ts';
import { likely } from '../workload/known.ts';
import { amountSaved } from './advice/advise.ts';
import { trains } from './advice/known.ts';
import { factValueOf, found, isWorth, propose, statedPlace, statedValue, weigh } from './propose.ts';
import type { Rule, RuleView } from './rule.ts';

/** The same machine for less in another region, or the same card on another cloud. */
export const rule: Rule = {
  id: 'cheaper-region-or-cloud',
  meta: {
    title: 'The same card is cheaper elsewhere',
    severity: 'information',
    tags: ['money'],
    why: 'List prices of one machine differ by a third and more between regions of one cloud, and by more between clouds. A run reads its data once; moving it costs less than the difference, unless rules or other systems hold it where it is.',
    evidence:
      'Prices by region and of outgoing traffic as in pricing-data, with their dates. Traffic is counted at the internet price, the dearest there is, where the size of the data is known.',
    bad: 'region: ap-northeast-1\naccelerators: H100:8',
    good: 'region: us-east-1\naccelerators: H100:8',
    threshold: { percent: 15, money: 20 },
  },
  check(view) {
    const { cost } = view.estimate;
    if (!cost?.total || !('cloud' in cost.offer) || !trains(view)) return [];
    const region = statedValue(view, 'infra.region');
    const cloud = statedValue(view, 'infra.cloud');
    const span = statedPlace(view, 'infra.region', 'infra.cloud');
    if (!span || (region === undefined && cloud === undefined)) return [];
    // A price that was taken from elsewhere for want of one here says nothing of here.
    if (region !== undefined && !isEverywhere(cost.offer) && !region.toLowerCase().startsWith(cost.offer.region))
      return [];
    const best = region === undefined ? cheapestCloud(view, cost.offer) : cheapestRegion(view, cost.offer);
    if (!best) return [];
    const weighed = weigh(view, best.changes);
    const traffic = trafficOf(view);
    const saved = -(weighed.saving.cost?.micros.likely ?? 0) - (traffic ?? 0);
    if (!weighed.saving.cost || saved <= 0 || !isWorth(view, weighed.saving)) return [];
    const { currency } = weighed.saving.cost;
    const effect = region === undefined ? 'changes cloud' : 'changes region';
    const proposed = propose(
      view,
      { title: `Move to ${best.name}`, changes: best.changes, safe: false, effect },
      weighed,
    );
    const moving =
      traffic === undefined
        ? 'not counting what moving its data costs'
        : `moving its data once costs ${formatMoney({ currency, micros: traffic })} at most`;
    const message = `In ${best.name} the same run costs ${formatMoneyInterval(amountSaved(weighed.saving.cost))} less, ${moving}.`;
    return found(rule, span, message, [proposed]);
  },
};

interface Elsewhere {
  readonly name: string;
  readonly changes: readonly SpecChange[];
}

function cheapestRegion({ catalog }: RuleView, now: Offer): Elsewhere | undefined {
  const offers = catalog.offers({ instanceType: now.instanceType, cloud: now.cloud, kind: now.kind });
  const best = offers
    .filter((offer) => !isEverywhere(offer) && !/gov|china|^cn-/i.test(offer.region))
    .reduce<Offer | undefined>((a, b) => (a && a.perHour.micros <= b.perHour.micros ? a : b), undefined);
  if (!best || best.region === now.region) return undefined;
  return { name: best.region, changes: [{ name: 'infra.region', value: best.region }] };
}

/** Large clouds alone: the others sell other machines under other terms. */
const clouds = ['aws', 'gcp', 'azure'];

function cheapestCloud(view: RuleView, now: Offer): Elsewhere | undefined {
  if (statedValue(view, 'hardware.instance_type') !== undefined) return undefined;
  const best = clouds
    .filter((cloud) => cloud !== now.cloud)
    .map((cloud) => ({ name: cloud, changes: [{ name: 'infra.cloud', value: cloud }] as const }))
    .map((one) => ({ ...one, after: weigh(view, one.changes).after.cost }))
    .filter(({ after, name }) => after && 'cloud' in after.offer && after.offer.cloud === name)
    .sort((a, b) => (a.after?.perHour.micros.likely ?? 0) - (b.after?.perHour.micros.likely ?? 0))[0];
  return best && { name: best.name, changes: best.changes };
}

/** Micros that the data costs to leave its region at the internet price; undefined where its size is not known. */
function trafficOf(view: RuleView): number | undefined {
  const { catalog, spec, settings } = view;
  const name = factValueOf(view, 'data.dataset');
  const bytes = name === undefined ? undefined : catalog.dataset(name, factValueOf(view, 'data.config'))?.bytes;
  const cloud = spec.resources.cloud && likely(spec.resources.cloud);
  if (bytes === undefined || cloud === undefined) return undefined;
  const tiers = catalog.egress(cloud, statedValue(view, 'infra.region'));
  const dearest = Math.max(0, ...tiers.map((tier) => tier.usdPerGB));
  if (dearest === 0) return undefined;
  return (bytes / 1e9) * dearest * 1e6 * (settings.exchangeRate ?? 1);
}
