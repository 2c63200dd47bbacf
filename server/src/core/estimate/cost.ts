import type { Catalog } from '../catalog/catalog.ts';
import type { Offer, PriceKind } from '../catalog/offer.ts';
import type { Settings } from '../settings.ts';
import type { Origin } from '../source/traced.ts';
import { exactly } from '../units/interval.ts';
import { type MoneyInterval, priceOf } from '../units/money.ts';
import { likely } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { CostEstimate, ServingEstimate, TimeEstimate } from './estimate.ts';
import type { Plan, Points } from './plan.ts';

/** Money of a run; undefined where no price is known. Amounts are in the settings' currency where its rate is known, else in dollars. */
export function estimateCost(
  points: Points,
  time: TimeEstimate | undefined,
  spec: WorkloadSpec,
  catalog: Catalog,
  settings: Settings,
  serving?: ServingEstimate,
): CostEstimate | undefined {
  const { likely: plan } = points;
  const kind = settings.priceKind ?? likely(spec.resources.priceKind) ?? 'on-demand';
  const price = ownRate(plan, settings) ?? listPrice(plan, spec, catalog, settings, kind);
  if (!price) return undefined;
  const perHour = inCurrency(price.perHour, settings);
  const step = time?.step;
  const hours = time?.run;
  const rate = serving?.outputTokensPerSecond;
  return {
    perHour,
    offer: price.offer,
    kind,
    ...(hours ? { total: priceOf(perHour, perHours(hours)) } : {}),
    ...(step ? { perThousandSteps: priceOf(perHour, perHours(step, 1000)) } : {}),
    ...(step && time.tokensPerSecondPerDevice
      ? { perMillionTokens: priceOf(perHour, inverseRate(time.tokensPerSecondPerDevice, plan.devices)) }
      : {}),
    ...(rate && !step ? { perMillionTokens: priceOf(perHour, inverseRate(rate, plan.serving?.replicas ?? 1)) } : {}),
  };
}

interface Price {
  /** All devices of the job for one hour. */
  readonly perHour: MoneyInterval;
  readonly offer: CostEstimate['offer'];
}

const perHours = (x: { low: number; likely: number; high: number }, times = 1) => ({
  low: (x.low * times) / 3600,
  likely: (x.likely * times) / 3600,
  high: (x.high * times) / 3600,
});

/** Hours that a million tokens take at a rate per second, the faster the fewer. */
function inverseRate(x: { low: number; likely: number; high: number }, times: number) {
  const hours = (perSecond: number) => 1e6 / Math.max(1e-9, perSecond * times) / 3600;
  return { low: hours(x.high), likely: hours(x.likely), high: hours(x.low) };
}

/** The user's own rate for the accelerator, dollars per accelerator-hour. */
function ownRate(plan: Plan, settings: Settings): Price | undefined {
  const name = plan.accelerator?.name;
  const key = name !== undefined && settings.rates[name] !== undefined ? name : '*';
  const rate = settings.rates[key];
  if (rate === undefined || !(rate > 0)) return undefined;
  const one = { currency: 'USD', micros: exactly(Math.round(rate * 1e6)) };
  const origin: Origin = { kind: 'setting', key: `rates.${key}` };
  return { perHour: priceOf(one, exactly(plan.devices)), offer: { rate: one, origin } };
}

/** Uncertainty of a list price over regions and dates: small clouds differ by 15 % between their own pages. */
const priceSpread = 0.1;
/** A spot price moves between the lowest zone and the on-demand price. */
const spotSpread = 0.4;

/** Devices of an instance are rented whole: nodes times the instance's price, or the share of one that is used. */
function listPrice(
  plan: Plan,
  spec: WorkloadSpec,
  catalog: Catalog,
  settings: Settings,
  kind: PriceKind,
): Price | undefined {
  const accelerator = plan.accelerator?.name ?? likely(spec.resources.accelerator);
  if (accelerator === undefined) return undefined;
  const type = spec.resources.instanceType && likely(spec.resources.instanceType);
  const cloud = (spec.resources.cloud && likely(spec.resources.cloud)) ?? settings.cloud;
  const region = (spec.resources.region && likely(spec.resources.region)) ?? settings.region;
  const where = { ...(cloud === undefined ? {} : { cloud }), ...(region === undefined ? {} : { region }), kind };
  const offer =
    (type === undefined ? undefined : catalog.offers({ instanceType: type, ...where })[0]) ??
    bestOffer(catalog.offers({ accelerator, ...where }), plan) ??
    bestOffer(catalog.offers({ accelerator, kind }), plan);
  if (!offer || offer.perHour.micros <= 0 || offer.count <= 0) return undefined;
  const instances = Math.ceil(plan.devices / offer.count - 1e-9);
  const spread = offer.kind === 'spot' ? spotSpread : priceSpread;
  const all = offer.perHour.micros * instances;
  const micros = { low: Math.round(all * (1 - spread / 2)), likely: all, high: Math.round(all * (1 + spread)) };
  return { perHour: { currency: offer.perHour.currency, micros }, offer };
}

/** The offer that rents the job's devices for least, instances being rented whole. */
function bestOffer(offers: readonly Offer[], plan: Plan): Offer | undefined {
  let best: Offer | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const offer of offers) {
    if (offer.count <= 0 || offer.perHour.micros <= 0) continue;
    const cost = offer.perHour.micros * Math.ceil(plan.devices / offer.count - 1e-9);
    if (cost < least) {
      least = cost;
      best = offer;
    }
  }
  return best;
}

/** Dollars in the settings' currency; left in dollars where the exchange rate is not given. */
function inCurrency(amount: MoneyInterval, settings: Settings): MoneyInterval {
  const { currency, exchangeRate } = settings;
  if (currency === amount.currency || amount.currency !== 'USD' || !exchangeRate || !(exchangeRate > 0)) return amount;
  return { ...priceOf(amount, exactly(exchangeRate)), currency };
}
