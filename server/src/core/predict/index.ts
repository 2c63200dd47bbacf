import type { Catalog } from '../catalog/catalog.ts';

/** One published run as its file has it: what ran, on what, with which settings, and the names of what was measured. */
export interface PredictCase {
  readonly id: string;
  readonly task: string;
  readonly model: unknown;
  readonly framework?: string;
  readonly hardware: unknown;
  readonly config: unknown;
  readonly measured: unknown;
}

/** A predicted figure with its 80 % interval. */
export interface Predicted {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** One line of the answers: figures under the names and in the units that were asked for. */
export interface Prediction {
  readonly id: string;
  /** Why nothing is answered. */
  readonly unsupported?: string;
  /** Whether it fits the device's memory, where the device is known. */
  readonly fits?: boolean;
  readonly predicted: Readonly<Record<string, Predicted>>;
}

/** Answers one case. Reads `measured` only for the names and units of what is asked. */
export function predict(case_: PredictCase, _catalog: Catalog): Prediction {
  return { id: case_.id, unsupported: 'not read yet', predicted: {} };
}
