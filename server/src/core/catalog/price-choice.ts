import type { Discount } from '../settings.ts';
import type { Catalog } from './catalog.ts';
import type { Offer, PriceKind } from './offer.ts';
import { isEverywhere, regionOfZone } from './offer-index.ts';
import type { PriceNote, PriceQuery } from './price.ts';
import { formatDate } from './price-age.ts';
import { homeRegions } from './region.ts';

/** The offer taken for a job and how many of its machines are billed. */
export interface OfferChoice {
  readonly offer: Offer;
  readonly instances: number;
  readonly notes: readonly PriceNote[];
  /** What else the job could as well be priced at, where cloud or region were assumed: whole-job micros an hour. */
  readonly alternatives: readonly number[];
  /** The own discount on the offer, already in the alternatives. */
  readonly discount?: Discount;
}

/** The own discount on an offer, where there is one. */
export type FindDiscount = (offer: Offer) => Discount | undefined;

export interface NoOffer {
  readonly reason: string;
  readonly notes: readonly PriceNote[];
}

/** Clouds whose list price stands for "a cloud" where the files name none. */
const largeClouds = ['aws', 'gcp', 'azure'];

/** Clouds that bill any number of accelerators a machine at the price of one, so that rows of one stand for all counts. */
const soldByDevice = new Set(['crusoe', 'modal', 'replicate', 'runpod', 'vast']);

/** Picks the offer that applies: the instance type named, else the cheapest machine that holds the accelerators. */
export function chooseOffer(query: PriceQuery, catalog: Catalog, discountOf: FindDiscount): OfferChoice | NoOffer {
  const cloud =
    query.cloud?.toLowerCase() ?? (query.region === undefined ? undefined : catalog.cloudOfRegion(query.region));
  const kind = query.kind ?? 'on-demand';
  const notes: PriceNote[] = [];
  const type = query.instanceType;
  const instance = type === undefined ? undefined : (catalog.instance(type, cloud) ?? catalog.instance(type));
  if (type !== undefined && instance) {
    const offers = catalog.offers({ instanceType: instance.type, cloud: instance.cloud, kind });
    if (offers.length === 0)
      return noOffer(
        instance.soldAs === undefined || instance.soldAs === kind
          ? `no ${kind} price of ${instance.type} is known`
          : `${instance.type} is sold as ${instance.soldAs} and by flex-start only, and the job asks for ${kindWords[kind]}`,
        notes,
      );
    if (/^ml\./i.test(type.trim())) notes.push(sagemaker(instance.type));
    return pick({
      offers,
      query,
      perNode: instance.count,
      instances: (query.nodes ?? 1) * machines(query, instance.count),
      notes,
      discountOf,
    });
  }
  if (type !== undefined) notes.push({ id: 'instance-unknown', text: `no machine type ${type} is in the tables` });
  if (query.accelerator === undefined)
    return noOffer(
      type === undefined ? 'no accelerator and no machine type is known' : `no machine type ${type} is in the tables`,
      notes,
    );
  const chip = catalog.accelerator(query.accelerator);
  if (!chip) {
    const near = catalog.nearestAccelerators(query.accelerator);
    return noOffer(
      `no accelerator ${query.accelerator} is in the tables${near.length > 0 ? ` (near: ${near.join(', ')})` : ''}`,
      notes,
    );
  }
  const ofKind = catalog.offers({ accelerator: chip.name, kind });
  if (ofKind.length === 0) return noOffer(`no ${kind} price of ${chip.name} is known`, notes);
  const inCloud = cloud === undefined ? [] : ofKind.filter((offer) => offer.cloud === cloud);
  if (cloud !== undefined && inCloud.length === 0)
    notes.push({ id: 'cloud-without-price', text: `${cloud} has no ${kind} price of ${chip.name} in the tables` });
  const perNode = query.perNode ?? 1;
  if (cloud !== undefined) notes.push(...spotOnly({ cloud, kind, accelerator: chip.name, perNode }, inCloud, catalog));
  return pick({
    offers: inCloud.length > 0 ? inCloud : (soldAs(perNode, ofKind, query) ?? ofKind),
    query,
    perNode,
    notes,
    discountOf,
  });
}

/** Said where a cloud has a machine of the very count, and sells it in another way than the job asks for. */
function spotOnly(
  { cloud, kind, accelerator, perNode }: Required<Pick<PriceQuery, 'cloud' | 'kind' | 'accelerator' | 'perNode'>>,
  inCloud: readonly Offer[],
  catalog: Catalog,
): readonly PriceNote[] {
  if (kind === 'spot' || inCloud.some(({ count }) => count === perNode)) return [];
  const [smaller] = catalog.offers({ cloud, accelerator, count: perNode, kind: 'spot' });
  if (!smaller || catalog.instance(smaller.instanceType, cloud)?.soldAs === undefined) return [];
  return [{ id: 'sold-as-spot', text: `${smaller.instanceType} is sold as spot and by flex-start only` }];
}

/**
 * Offers that are sold at the count asked for: nobody who may take any cloud rents eight accelerators to use one. None
 * where only larger machines are sold, or where the region named has nothing else.
 */
function soldAs(perNode: number, offers: readonly Offer[], { region }: PriceQuery): readonly Offer[] | undefined {
  const exact = offers.filter((offer) => machinesFor(offer, perNode) * offer.count === perNode);
  const place = region === undefined ? undefined : regionOfZone(region);
  const there = (offer: Offer) => offer.region.toLowerCase() === place;
  if (exact.length === 0 || (offers.some(there) && !exact.some(there))) return undefined;
  return exact;
}

/** Machines of one node: one, or as many as hold the accelerators where the named machine is smaller. */
function machines(query: PriceQuery, count: number): number {
  return query.perNode === undefined || count < 1 ? 1 : Math.max(1, Math.ceil(query.perNode / count));
}

interface Picking {
  readonly offers: readonly Offer[];
  readonly query: PriceQuery;
  readonly perNode: number;
  /** Machines billed, where the machine is named. */
  readonly instances?: number;
  readonly notes: PriceNote[];
  readonly discountOf: FindDiscount;
}

/** The cheapest way to hold the job among the offers, by region asked for, else by the large clouds' home regions. */
function pick({ offers, query, perNode, instances, notes, discountOf }: Picking): OfferChoice | NoOffer {
  const region = query.region === undefined ? undefined : regionOfZone(query.region);
  const here =
    region === undefined ? [] : offers.filter((offer) => offer.region.toLowerCase() === region || isEverywhere(offer));
  const nodes = query.nodes ?? 1;
  const bill = (offer: Offer) => instances ?? nodes * machinesFor(offer, perNode);
  const total = (offer: Offer) => bill(offer) * offer.perHour.micros * (1 - (discountOf(offer)?.share ?? 0));
  if (region !== undefined && here.length === 0)
    notes.push({ id: 'region-without-price', text: `no price in ${query.region}; another region's is shown` });
  const common = here.length > 0 ? here : commonOffers(offers);
  const fitting = term(common, query.termYears).filter((offer) => Number.isFinite(total(offer)));
  const best = fitting.reduce<Offer | undefined>((a, b) => (a === undefined || total(b) < total(a) ? b : a), undefined);
  if (!best) return noOffer(`no machine holds ${perNode} accelerators of this kind`, notes);
  const assumed = here.length === 0;
  if (assumed) notes.push(assumption(best, query));
  if (instances === undefined && bill(best) * best.count > nodes * perNode)
    notes.push({
      id: 'whole-machine',
      text: `${best.instanceType} is sold whole: ${bill(best) * best.count} accelerators are billed for ${nodes * perNode}`,
    });
  const discount = discountOf(best);
  return {
    offer: best,
    instances: bill(best),
    notes,
    alternatives: assumed ? spreadOf(offers, total) : [],
    ...(discount && { discount }),
  };
}

/** Machines that a node of `perNode` accelerators takes of an offer; infinite where a machine is too small to be that node. */
function machinesFor(offer: Offer, perNode: number): number {
  if (offer.count >= perNode) return 1;
  return soldByDevice.has(offer.cloud) ? Math.ceil(perNode / offer.count) : Number.POSITIVE_INFINITY;
}

/** Offers of the large clouds' home regions, else of the large clouds, else all. */
function commonOffers(offers: readonly Offer[]): readonly Offer[] {
  const large = offers.filter((offer) => largeClouds.includes(offer.cloud));
  const home = large.filter((offer) => homeRegions[offer.cloud] === offer.region);
  return [home, large, offers].find((list) => list.length > 0) ?? [];
}

/** Reserved offers of the term asked for; of the shortest where none is asked for. */
function term(offers: readonly Offer[], years: number | undefined): readonly Offer[] {
  const terms = offers.flatMap((offer) => (offer.termYears === undefined ? [] : [offer.termYears]));
  if (terms.length === 0) return offers;
  const wanted = years ?? Math.min(...terms);
  return offers.filter((offer) => offer.termYears === wanted);
}

/** The cheapest price a cloud has, for every cloud, one voice each: what the job could as well cost where the cloud is assumed. */
function spreadOf(offers: readonly Offer[], total: (offer: Offer) => number): readonly number[] {
  const cheapest = new Map<string, number>();
  for (const offer of offers) {
    const cost = total(offer);
    if (Number.isFinite(cost)) cheapest.set(offer.cloud, Math.min(cost, cheapest.get(offer.cloud) ?? cost));
  }
  return [...cheapest.values()];
}

function assumption(offer: Offer, query: PriceQuery): PriceNote {
  const what = query.instanceType === undefined ? 'no cloud and region are given' : 'no region is given';
  return {
    id: 'price-assumed',
    text: `${what}: ${offer.cloud} ${offer.instanceType} in ${offer.region}, ${kindWords[offer.kind]}, ${formatDate(offer)}`,
  };
}

const kindWords: Readonly<Record<PriceKind, string>> = { 'on-demand': 'on demand', spot: 'spot', reserved: 'reserved' };

function sagemaker(type: string): PriceNote {
  return { id: 'sagemaker-rate', text: `priced as EC2 ${type}; SageMaker's own rate for ml.${type} is higher` };
}

function noOffer(reason: string, notes: readonly PriceNote[]): NoOffer {
  return { reason, notes };
}
