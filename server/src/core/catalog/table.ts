import { defaultSettings, type Settings } from '../settings.ts';
import type { Problem } from '../source/problem.ts';
import { type Money, money } from '../units/money.ts';
import { bytesPerGB, bytesPerGiB } from '../units/quantity.ts';
import type { Accelerator } from './accelerator.ts';
import type { Catalog } from './catalog.ts';
import { discountOf } from './discount.ts';
import type { Offer, PriceKind } from './offer.ts';
import { applyExchange, ownRate } from './own-rate.ts';
import { type OwnCapacity, ownCapacity } from './own-rows.ts';
import { ageInDays } from './price-age.ts';

/** What is asked of the tables of hardware and prices; absent fields do not restrict. Names in any usual spelling. */
export interface TableFilter {
  readonly accelerator?: string;
  readonly vendor?: string;
  /** GiB of device memory at least. */
  readonly memoryGiB?: number;
  readonly cloud?: string;
  readonly region?: string;
  readonly kind?: PriceKind;
  /** Accelerators on one machine. */
  readonly count?: number;
}

/** Rows of a table, and what of the question names nothing that is known. */
export interface TableRows<R> {
  readonly rows: readonly R[];
  readonly problems: readonly Problem[];
}

/** One accelerator's facts in the units that people compare. Absent where no source gives them. */
export interface AcceleratorRow {
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly memoryGiB: number;
  readonly bandwidthGBs?: number;
  /** Dense peak of bf16 matmuls (fp16 where there is no bf16), TFLOPS. */
  readonly tflops?: number;
  readonly fp8Tflops?: number;
  readonly linkGBs?: number;
  readonly powerWatts?: number;
  readonly computeCapability?: string;
  readonly clouds: readonly string[];
  /** The user's own rate for an hour of it. */
  readonly ownRate?: Money;
  readonly source: string;
  readonly note?: string;
}

/** Hardware facts, by memory and then rate. */
export function listAccelerators(
  catalog: Catalog,
  filter: TableFilter = {},
  settings: Settings = defaultSettings,
): TableRows<AcceleratorRow> {
  const problems = problemsOf(catalog, filter);
  const rows = catalog.accelerators
    .filter((one) => matches(one, catalog, filter))
    .map((one) => ({ ...accelerationRow(one, catalog), ...ownRateOf(one, catalog, settings) }))
    .filter(({ clouds }) => filter.cloud === undefined || clouds.includes(filter.cloud.toLowerCase()));
  return {
    rows: rows.sort(
      (a, b) => a.memoryGiB - b.memoryGiB || (a.tflops ?? 0) - (b.tflops ?? 0) || compare(a.name, b.name),
    ),
    problems,
  };
}

/** The rate of an accelerator in the currency of the settings: its own, else that for all. */
function ownRateOf({ name }: Accelerator, catalog: Catalog, settings: Settings): Pick<AcceleratorRow, 'ownRate'> {
  const own = ownRate({ accelerator: name }, catalog, settings);
  const exchanged = own && applyExchange(own.perHour, settings);
  if (!exchanged || 'reason' in exchanged) return {};
  return { ownRate: { currency: exchanged.value.currency, micros: exchanged.value.micros.likely } };
}

/**
 * Share of the dense peak that a well-run training job turns into model FLOPs: published runs of dense language models
 * lie between 35 and 50 %. A row divides by it so that prices compare work done, not peaks.
 */
export const usefulShare = 0.4;

/** How the price table is sorted. */
export type PriceOrder = 'accelerator-hour' | 'tflop-hour' | 'gib-hour';

export interface PriceTableOptions extends TableFilter {
  readonly order?: PriceOrder;
  /** A row for every offer; without it the cheapest of each accelerator, cloud and kind. */
  readonly every?: boolean;
}

/** A price, worked out for what is compared. Money in the currency of the settings. */
export interface PriceRow {
  readonly accelerator: string;
  readonly count: number;
  readonly memoryGiB: number;
  readonly cloud: string;
  readonly region: string;
  readonly instanceType: string;
  /** `own` for a rate of the user's. */
  readonly kind: PriceKind | 'own';
  readonly termYears?: number;
  /** Share of an own discount that is taken off the figures. */
  readonly discount?: number;
  readonly perHour: Money;
  readonly perAcceleratorHour: Money;
  /** For an hour of one useful TFLOPS (`usefulShare` of the bf16 peak); absent where the peak is unknown. */
  readonly perUsefulTflopHour?: Money;
  readonly perGiBHour: Money;
  readonly asOf: string;
  /** Set where the source gives no date: `asOf` is then the day on which the price was retrieved. */
  readonly retrieved?: true;
  readonly ageDays?: number;
  readonly source: string;
}

/**
 * Prices by what they buy: list prices less the user's discounts, and the user's own rates and pools where neither cloud,
 * region nor kind narrows the question. An own rate holds today.
 */
export function listPrices(catalog: Catalog, options: PriceTableOptions, settings: Settings): TableRows<PriceRow> {
  const { cloud, region, kind, count, order = 'accelerator-hour' } = options;
  const problems = [...problemsOf(catalog, options)];
  const exchange = applyExchange({ currency: 'USD', micros: { low: 1, likely: 1, high: 1 } }, settings);
  if ('reason' in exchange)
    problems.push({ code: 'no-exchange-rate', message: `Prices stay in USD: ${exchange.reason}.` });
  const currency = 'reason' in exchange ? 'USD' : settings.currency.toUpperCase();
  const rate = currency === 'USD' ? 1 : (settings.exchangeRate ?? 1);
  const chips = new Map(
    catalog.accelerators.filter((one) => matches(one, catalog, options)).map((one) => [one.name, one]),
  );
  const query = {
    ...(cloud !== undefined && { cloud }),
    ...(region !== undefined && { region }),
    ...(kind !== undefined && { kind }),
    ...(count !== undefined && { count }),
  };
  const to = { currency, rate };
  const listed = catalog.offers(query).flatMap((offer) => {
    const chip = chips.get(offer.accelerator);
    return chip ? [priceRow(offer, chip, to, settings, discountOf(offer, settings, catalog)?.share)] : [];
  });
  const owned = cloud ?? region ?? kind;
  const own = (owned === undefined ? ownCapacity(catalog, settings) : [])
    .filter((one) => chips.has(one.chip.name) && (count === undefined || one.count === count))
    .map((one) => ownRow(one, to, settings.today));
  const sorted = [...listed, ...own].sort((a, b) => figure(a, order) - figure(b, order));
  const seen = new Set<string>();
  const rows = sorted.filter((row) => {
    const key = `${row.accelerator} ${row.cloud} ${row.kind} ${row.kind === 'own' ? row.instanceType : ''}`;
    const first = !seen.has(key);
    seen.add(key);
    return options.every || first;
  });
  return { rows, problems };
}

interface Exchange {
  readonly currency: string;
  readonly rate: number;
}

function ownRow(one: OwnCapacity, to: Exchange, today: string | undefined): PriceRow {
  const { chip, count, name, region, dollarsPerHour, source } = one;
  return {
    accelerator: chip.name,
    count,
    cloud: 'own',
    region,
    instanceType: name,
    kind: 'own',
    ...figuresOf(chip, count, dollarsPerHour, to),
    asOf: today ?? 'today',
    source,
  };
}

/** What a machine's price comes to by accelerator, work and memory. */
function figuresOf(chip: Accelerator, count: number, dollars: number, { currency, rate }: Exchange) {
  const memoryGiB = chip.memory / bytesPerGiB;
  const peak = chip.peak.bf16 ?? chip.peak.fp16;
  const each = (dollars * rate) / count;
  const amount = (value: number) => money(value, currency);
  return {
    memoryGiB,
    perHour: amount(dollars * rate),
    perAcceleratorHour: amount(each),
    ...(peak !== undefined && { perUsefulTflopHour: amount(each / ((peak / 1e12) * usefulShare)) }),
    perGiBHour: amount(each / memoryGiB),
  };
}

function priceRow(
  offer: Offer,
  chip: Accelerator,
  to: Exchange,
  settings: Settings,
  discount: number | undefined,
): PriceRow {
  const { accelerator, count, cloud, region, instanceType, kind, termYears, asOf, retrieved, source } = offer;
  const ageDays = ageInDays(asOf, settings.today);
  return {
    accelerator,
    count,
    cloud,
    region,
    instanceType,
    kind,
    ...(termYears !== undefined && { termYears }),
    ...(discount !== undefined && { discount }),
    ...figuresOf(chip, count, (offer.perHour.micros / 1e6) * (1 - (discount ?? 0)), to),
    asOf,
    ...(retrieved && { retrieved }),
    ...(ageDays !== undefined && { ageDays }),
    source,
  };
}

function figure(row: PriceRow, order: PriceOrder): number {
  switch (order) {
    case 'accelerator-hour':
      return row.perAcceleratorHour.micros;
    case 'tflop-hour':
      return row.perUsefulTflopHour?.micros ?? Number.POSITIVE_INFINITY;
    case 'gib-hour':
      return row.perGiBHour.micros;
  }
}

function accelerationRow(one: Accelerator, catalog: Catalog): AcceleratorRow {
  const tflops = one.peak.bf16 ?? one.peak.fp16;
  const { name, vendor, architecture, bandwidth, linkBandwidth, powerWatts, computeCapability, source, note } = one;
  return {
    name,
    vendor,
    architecture,
    memoryGiB: one.memory / bytesPerGiB,
    ...(bandwidth !== undefined && { bandwidthGBs: bandwidth / bytesPerGB }),
    ...(tflops !== undefined && { tflops: tflops / 1e12 }),
    ...(one.peak.fp8 !== undefined && { fp8Tflops: one.peak.fp8 / 1e12 }),
    ...(linkBandwidth !== undefined && { linkGBs: linkBandwidth / bytesPerGB }),
    ...(powerWatts !== undefined && { powerWatts }),
    ...(computeCapability !== undefined && { computeCapability }),
    clouds: [
      ...new Set(catalog.instances.filter((instance) => instance.accelerator === name).map(({ cloud }) => cloud)),
    ],
    source,
    ...(note !== undefined && { note }),
  };
}

function matches(one: Accelerator, catalog: Catalog, { accelerator, vendor, memoryGiB }: TableFilter): boolean {
  return (
    (accelerator === undefined || inFamily(one, accelerator, catalog)) &&
    (vendor === undefined || one.vendor.toLowerCase() === vendor.toLowerCase()) &&
    (memoryGiB === undefined || one.memory >= memoryGiB * bytesPerGiB * 0.999)
  );
}

/** `a100` asks for every A100, `A100-80GB` for the one. */
function inFamily(one: Accelerator, asked: string, catalog: Catalog): boolean {
  if (catalog.accelerator(asked)?.name === one.name) return true;
  return one.name.toLowerCase().startsWith(`${asked.toLowerCase()}-`);
}

function problemsOf(catalog: Catalog, { accelerator, cloud, region }: TableFilter): readonly Problem[] {
  const problems: Problem[] = [];
  if (accelerator !== undefined && !catalog.accelerators.some((one) => inFamily(one, accelerator, catalog))) {
    const near = catalog.nearestAccelerators(accelerator);
    const hint = near.length > 0 ? ` (near: ${near.join(', ')})` : '';
    problems.push({ code: 'unknown-accelerator', message: `No accelerator ${accelerator} is in the tables${hint}.` });
  }
  const clouds = [...new Set(catalog.instances.map((one) => one.cloud))];
  if (cloud !== undefined && !clouds.includes(cloud.toLowerCase()))
    problems.push({
      code: 'unknown-cloud',
      message: `No cloud ${cloud} is in the tables (there are ${clouds.join(', ')}).`,
    });
  if (region !== undefined && catalog.offers({ region }).every((offer) => offer.region.startsWith('all')))
    problems.push({ code: 'unknown-region', message: `No price in region ${region} is in the tables.` });
  return problems;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
