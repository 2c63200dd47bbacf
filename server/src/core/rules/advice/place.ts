import type { RuleView } from '../rule.ts';

/** The last part of a URI, for people. */
export function nameOf(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}

/** Hours of the whole run at the high end of the estimate; undefined where its length is not known. */
export function hoursAtMost({ estimate }: RuleView): number | undefined {
  const run = estimate.time?.run;
  return run && run.high / 3600;
}
