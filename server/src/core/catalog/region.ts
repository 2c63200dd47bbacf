import { isEverywhere, regionOfZone } from './offer-index.ts';

/** Region whose prices stand for a cloud where the files name none: the largest and oldest of each. */
export const homeRegions: Readonly<Record<string, string>> = { aws: 'us-east-1', gcp: 'us-central1', azure: 'eastus' };

/** Finds the one cloud that has a region of a name, a large cloud before a small one of the same names; undefined where none or several have it. */
export function indexRegions(
  places: readonly (readonly [cloud: string, region: string])[],
): (region: string) => string | undefined {
  const clouds = new Map<string, Set<string>>();
  const add = (region: string, cloud: string) => {
    const set = clouds.get(region);
    if (set) set.add(cloud);
    else clouds.set(region, new Set([cloud]));
  };
  for (const [cloud, region] of places) if (!isEverywhere({ region })) add(region.toLowerCase(), cloud);
  return (region) => {
    const found = clouds.get(regionOfZone(region));
    if (found === undefined) return undefined;
    const large = [...found].filter((cloud) => cloud in homeRegions);
    const named = large.length > 0 ? large : [...found];
    return named.length === 1 ? named[0] : undefined;
  };
}
