import type { Catalog } from '../catalog/catalog.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { EnergyEstimate, TimeEstimate } from './estimate.ts';
import type { Points } from './plan.ts';

/** Energy and carbon of a run; undefined where power or run time are not known. */
export function estimateEnergy(
  _points: Points,
  _time: TimeEstimate | undefined,
  _spec: WorkloadSpec,
  _catalog: Catalog,
): EnergyEstimate | undefined {
  return undefined;
}
