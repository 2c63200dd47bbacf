import type { Catalog } from '../catalog/catalog.ts';
import { type Interval, interval } from '../units/interval.ts';
import { gramsCo2e, type KilowattHours, kilowattHours } from '../units/quantity.ts';
import { likely } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { EnergyEstimate, TimeEstimate } from './estimate.ts';
import type { Points } from './plan.ts';

/** Share of the rated power that a device draws idle (nvidia-smi on data-centre parts: 60-100 W of 400-700). */
const idleShare = 0.14;
/** Share between idle and rated power while training; compute-bound steps come near the cap. */
const load = { low: 0.65, likely: 0.8, high: 0.95 } as const;
/** Node over its accelerators: CPUs, memory, fans, network (DGX H100: 10.2 kW of 5.6 kW at most, 1.4-1.5 in use). */
const nodeShare = { low: 1.25, likely: 1.4, high: 1.6 } as const;
/** Power usage effectiveness of a cloud data centre where the grid table gives none. */
const cloudPue = { low: 1.1, likely: 1.2, high: 1.5 } as const;
/** Grid intensity varies over the year and day around its average. */
const gridSpread = 0.2;

/** Energy and carbon of a run; undefined where power or run time are not known. */
export function estimateEnergy(
  points: Points,
  time: TimeEstimate | undefined,
  spec: WorkloadSpec,
  catalog: Catalog,
): EnergyEstimate | undefined {
  const watts = points.likely.accelerator?.powerWatts;
  const hours = time?.deviceHours;
  if (watts === undefined || !hours) return undefined;
  const cloud = spec.resources.cloud && likely(spec.resources.cloud);
  const region = spec.resources.region && likely(spec.resources.region);
  const grid = region === undefined ? undefined : catalog.grid(cloud, region);
  const pue = grid?.pue === undefined ? cloudPue : { low: grid.pue, likely: grid.pue, high: grid.pue };
  const at = (point: 'low' | 'likely' | 'high') =>
    ((idleShare + (1 - idleShare) * load[point]) * watts * nodeShare[point] * pue[point] * hours[point]) / 1000;
  // Hours, load and node do not err together: ends are drawn in to the root of the squares.
  const energy = quadrature(at('low'), at('likely'), at('high'));
  const carbon = grid && {
    low: gramsCo2e(energy.low * grid.gramsPerKwh * (1 - gridSpread)),
    likely: gramsCo2e(energy.likely * grid.gramsPerKwh),
    high: gramsCo2e(energy.high * grid.gramsPerKwh * (1 + gridSpread)),
  };
  return {
    energy,
    ...(carbon ? { carbon } : {}),
    source: grid ? `${grid.source}; rated power ${watts} W` : `rated power ${watts} W; no grid known for the region`,
  };
}

function quadrature(low: number, middle: number, high: number): Interval<KilowattHours> {
  const inwards = 0.8;
  const point = (end: number) => kilowattHours(middle * (end / middle) ** inwards);
  return interval(point(low), kilowattHours(middle), point(high));
}
