import type { Span } from '../source/span.ts';

/** A cloud whose object store has rules of this kind. */
export type RuleCloud = 'aws' | 'gcp' | 'azure';

/** One rule of a bucket: which objects, and what becomes of them with age. */
export interface LifecycleRule {
  readonly name?: string;
  readonly enabled: boolean;
  /** Beginnings of object names; the empty one is for all. */
  readonly prefixes: readonly string[];
  /** Other conditions (tags, sizes, versions) in words: how much the rule touches is then an upper bound. */
  readonly narrowed?: string;
  /** Moves to another class by days after creation, soonest first. */
  readonly moves: readonly { readonly afterDays: number; readonly tier: string }[];
  readonly expireAfterDays?: number;
  readonly span?: Span;
}

/** The rules of one bucket or account. */
export interface LifecyclePolicy {
  readonly cloud: RuleCloud;
  /** Name of the bucket, account or resource, where the file says it. */
  readonly bucket?: string;
  readonly rules: readonly LifecycleRule[];
  /** What could not be read of it, in words. */
  readonly problems: readonly string[];
}

/** Days after creation before which S3 takes no move to an infrequent-access class. */
const s3InfrequentDays = 30;

/** Classes to which a service moves objects by rule, as its rules spell them. */
const classes: Readonly<Record<RuleCloud, readonly string[]>> = {
  // S3 API reference, Transition: StorageClass.
  aws: ['STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  // Cloud Storage, lifecycle conditions: SetStorageClass.
  gcp: ['NEARLINE', 'COLDLINE', 'ARCHIVE', 'STANDARD', 'MULTI_REGIONAL', 'REGIONAL'],
  // Azure Blob Storage, lifecycle policy: tierToCool, tierToCold, tierToArchive.
  azure: ['Cool', 'Cold', 'Archive'],
};

/** A class as the service's rules spell it, from any case and separators; a reason where it has none of the name. */
export function ruleClass(cloud: RuleCloud, tier: string): string | { readonly reason: string } {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const found = classes[cloud].find((one) => plain(one) === plain(tier));
  return found ?? { reason: `no rule of ${cloud} moves to ${tier}: one of ${classes[cloud].join(', ')}` };
}

/** What a service would refuse of a rule, or what it does that nobody may want. */
export function checkLifecycleRule(rule: LifecycleRule, cloud: RuleCloud): readonly string[] {
  const found: string[] = [];
  if (!rule.enabled) found.push('it is off');
  if (rule.moves.length === 0 && rule.expireAfterDays === undefined) found.push('it does nothing to current objects');
  for (const { afterDays, tier } of rule.moves) {
    const known = ruleClass(cloud, tier);
    if (typeof known !== 'string') found.push(known.reason);
    if (cloud === 'aws' && /(?:standard|onezone|one zone)[ _-]?ia/i.test(tier) && afterDays < s3InfrequentDays)
      found.push(`S3 takes no move to ${tier} before ${s3InfrequentDays} days`);
    if (rule.expireAfterDays !== undefined && rule.expireAfterDays <= afterDays)
      found.push(`objects expire after ${rule.expireAfterDays} d, before they move to ${tier} after ${afterDays} d`);
  }
  if (rule.expireAfterDays !== undefined)
    found.push(`a run paused longer than ${rule.expireAfterDays} d loses the save it resumes from, and its best`);
  return found;
}

/** True where a rule is for every object whose name begins with `prefix`. */
export function covers(rule: LifecycleRule, prefix: string): boolean {
  return rule.enabled && rule.prefixes.some((one) => prefix.startsWith(one));
}

/** The beginnings of names that the rules of a bucket speak of: objects under each of them have one fate. */
export function prefixesOf(rules: readonly LifecycleRule[]): readonly string[] {
  return [...new Set(rules.flatMap(({ prefixes }) => prefixes))];
}
