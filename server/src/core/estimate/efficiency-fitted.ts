import { type Efficiency, priorEfficiency } from './efficiency.ts';

export const fittedEfficiency: Efficiency = { ...priorEfficiency };
