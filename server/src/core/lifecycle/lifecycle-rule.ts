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

/** What a service would refuse of a rule, or what it does that nobody may want. */
export function checkLifecycleRule(rule: LifecycleRule, cloud: RuleCloud): readonly string[] {
  const found: string[] = [];
  if (!rule.enabled) found.push('it is off');
  if (rule.moves.length === 0 && rule.expireAfterDays === undefined) found.push('it does nothing to current objects');
  for (const { afterDays, tier } of rule.moves) {
    if (cloud === 'aws' && /(?:standard|onezone|one zone)[ _-]?ia/i.test(tier) && afterDays < s3InfrequentDays)
      found.push(`S3 takes no move to ${tier} before ${s3InfrequentDays} days`);
    if (rule.expireAfterDays !== undefined && rule.expireAfterDays <= afterDays)
      found.push(`objects expire after ${rule.expireAfterDays} d, before they move to ${tier} after ${afterDays} d`);
  }
  if (rule.expireAfterDays !== undefined)
    found.push(`a run paused longer than ${rule.expireAfterDays} d loses the save it resumes from, and its best`);
  return found;
}

/** True where a rule is for objects under a prefix, or for some of them. */
export function touches(rule: LifecycleRule, prefix: string): boolean {
  return rule.enabled && rule.prefixes.some((one) => prefix.startsWith(one) || one.startsWith(prefix));
}
