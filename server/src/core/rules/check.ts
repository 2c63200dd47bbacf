import type { Estimate } from '../estimate/estimate.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { Workload } from '../workload/workload.ts';
import type { Finding, RuleView } from './rule.ts';

/** What the rules are run on. */
export interface CheckInput extends Pick<RuleView, 'catalog' | 'reestimate' | 'edit'> {
  readonly workload: Workload;
  readonly spec: WorkloadSpec;
  readonly estimate: Estimate;
}

/** Every rule's findings on one job. */
export function checkRules(_input: CheckInput): readonly Finding[] {
  return [];
}
