import type { Catalog } from '../catalog/catalog.ts';
import type { Settings } from '../settings.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { Estimate } from './estimate.ts';

/** All figures of a job. Pure arithmetic: spec and tables in, intervals out. */
export function estimateWorkload(_spec: WorkloadSpec, _catalog: Catalog, _settings: Settings): Estimate {
  return { assumptions: [], problems: [{ code: 'estimate-missing', message: 'No figure can be worked out yet.' }] };
}
