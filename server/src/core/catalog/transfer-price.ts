import type { EgressTier } from './catalog.ts';

/** Continents that price lists of transfer tell apart and within which one price holds. */
export type Continent = 'north-america' | 'europe';

const american =
  /^(?:us|ca|mx)-|^(?:northamerica)-|^(?:east|west|central|northcentral|southcentral|westcentral)us|^(?:canada|mexico)/;
const european =
  /^eu-|^europe-|^(?:north|west)europe|^(?:uk|france|germany|sweden|norway|switzerland|italy|poland|spain|austria|belgium|denmark)/;

/** The continent of a region by its name, in the spelling of AWS, Google Cloud or Azure; undefined for the others. */
export function continentOf(region: string): Continent | undefined {
  const name = region.toLowerCase();
  return american.test(name) ? 'north-america' : european.test(name) ? 'europe' : undefined;
}

/**
 * The price of traffic from one region to another, of the rows of one cloud: the region's own, else its continent's, and only
 * where it holds for the region that it goes to. Undefined for what no row is of: between continents prices differ by the pair.
 */
export function regionTransfer(rows: readonly EgressTier[], from: string, to: string): EgressTier | undefined {
  const [here, there] = [continentOf(from), continentOf(to)];
  const holds = ({ destination }: EgressTier) =>
    there !== undefined &&
    (destination === 'other US region' ? /^us|us\d?$/.test(to.toLowerCase()) : destination.split(', ').includes(there));
  const priced = rows.filter((one) => one.direction === 'inter-region' && holds(one));
  return (
    priced.find(({ region }) => region === from.toLowerCase()) ??
    priced.find(({ region }) => here !== undefined && region === here)
  );
}

/** The price of traffic between zones of a region, else the one that stands for all of the cloud's. */
export function zoneTransfer(rows: readonly EgressTier[], region: string | undefined): EgressTier | undefined {
  const priced = rows.filter((one) => one.direction === 'inter-zone');
  return (
    priced.find((one) => one.region === region?.toLowerCase()) ??
    priced.find((one) => one.region === 'everywhere') ??
    priced[0]
  );
}
