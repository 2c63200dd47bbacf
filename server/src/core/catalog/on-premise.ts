/** What one owned accelerator costs, in one currency; years, watts and shares as named. */
export interface OnPremiseCost {
  readonly purchase: number;
  readonly lifetimeYears: number;
  /** Share of hours in use. */
  readonly utilisation: number;
  readonly powerWatts: number;
  readonly pue: number;
  readonly electricityPerKwh: number;
  readonly operationsPerYear: number;
}

const hoursPerYear = 8760;

/**
 * Cost of one accelerator-hour in use: purchase and operations spread over the hours used in the lifetime, and the
 * electricity of that hour at the building's meter. Idle hours carry no energy of their own, their capital is spread.
 */
export function onPremiseRate(cost: OnPremiseCost): number {
  const hoursUsed = hoursPerYear * cost.utilisation;
  const capital = cost.purchase / (cost.lifetimeYears * hoursUsed);
  const operations = cost.operationsPerYear / hoursUsed;
  const energy = (cost.powerWatts / 1000) * cost.pue * cost.electricityPerKwh;
  return capital + operations + energy;
}
