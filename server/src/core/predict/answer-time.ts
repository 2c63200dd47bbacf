import type { Estimate } from '../estimate/estimate.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { Sheet } from './case.ts';
import type { Answers } from './index.ts';

/** Rates and durations under the names and units that a case asks for. */
export function answerTime(_measured: Sheet, _estimate: Estimate, _spec: WorkloadSpec): Answers {
  return {};
}
