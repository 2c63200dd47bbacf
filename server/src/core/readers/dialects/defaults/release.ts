import type { FactName } from '../../../facts/vocabulary.ts';

/** Facts that a framework supplies where nothing is said. */
export type DefaultValues = Readonly<Partial<Record<FactName, string | number | boolean>>>;

/** What a framework sets from one release on, up to the next release of the table. */
export interface Release {
  /** The earliest release that was verified to have these defaults, or the first of the table. */
  readonly version: string;
  /** By method (`sft`, `dpo`); `all` holds for every method and yields to the method's own. */
  readonly values: Readonly<Record<string, DefaultValues>>;
}

/** The releases of a framework, the oldest first; the newest verified one is taken where no version is stated. */
export interface Releases {
  readonly framework: string;
  /** The newest release that was verified. */
  readonly newest: string;
  readonly releases: readonly Release[];
}

/** The defaults of a version: of the last release that is not newer, of the first one for versions before the table. */
export function defaultsOf({ releases }: Releases, version: string, method: string | undefined): DefaultValues {
  const release = releases.findLast((one) => compareVersions(one.version, version) <= 0) ?? releases[0];
  return { ...release?.values.all, ...(method === undefined ? {} : release?.values[method]) };
}

/** Orders two dotted versions by their numbers. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map((part) => Number.parseInt(part, 10) || 0));
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at += 1) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
