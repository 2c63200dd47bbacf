import type { Estimate } from '../estimate/estimate.ts';
import type { Finding } from '../rules/rule.ts';
import type { Settings } from '../settings.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { Workload } from '../workload/workload.ts';
import type { Report } from './report.ts';

/** One job as text ready to show. */
export interface Described {
  readonly workload: Workload;
  readonly spec: WorkloadSpec;
  readonly estimate: Estimate;
  readonly findings: readonly Finding[];
  readonly settings: Settings;
}

/** Makes the view model that every surface shows. */
export function describe({ workload }: Described): Report {
  return {
    title: workload.name,
    answer: '',
    verdict: '',
    rows: [],
    memoryRows: [],
    notes: [],
    assumptions: [],
    hints: [],
  };
}
