import type { Catalog } from '../catalog/catalog.ts';
import type { Settings } from '../settings.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { CostEstimate, TimeEstimate } from './estimate.ts';
import type { Points } from './plan.ts';

/** Money of a run; undefined where no price is known. */
export function estimateCost(
  _points: Points,
  _time: TimeEstimate | undefined,
  _spec: WorkloadSpec,
  _catalog: Catalog,
  _settings: Settings,
): CostEstimate | undefined {
  return undefined;
}
