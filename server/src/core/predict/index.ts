import type { Catalog } from '../catalog/catalog.ts';
import type { Estimate } from '../estimate/estimate.ts';
import { estimateWorkload } from '../estimate/index.ts';
import { defaultSettings } from '../settings.ts';
import type { Interval } from '../units/interval.ts';
import { assumed, likely } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import { answerMemory } from './answer-memory.ts';
import { answerTime } from './answer-time.ts';
import { type PredictCase, sheetOf } from './case.ts';
import { catalogWithDevice } from './device.ts';
import { specOf } from './spec.ts';
import { withTimeFields } from './time-fields.ts';

export type { PredictCase } from './case.ts';

/** Figures under the names of a case's measurements. */
export type Answers = Readonly<Record<string, Interval>>;

/** One line of the answers: figures with their 80 % interval under the names and in the units that were asked for. */
export interface Prediction {
  readonly id: string;
  /** Why nothing is answered. */
  readonly unsupported?: string;
  /** Whether it fits the device's memory, where the device is known. */
  readonly fits?: boolean;
  readonly predicted: Answers;
}

/** Answers one case. Reads `measured` only for the names and units of what is asked. */
export function predict(case_: PredictCase, catalog: Catalog): Prediction {
  const known = catalogWithDevice(catalog, sheetOf(case_.hardware));
  const spec = withTimeFields(case_, specOf(case_, known), known);
  const estimate = estimateWorkload(spec, known, defaultSettings);
  const measured = sheetOf(case_.measured);
  const [problem] = estimate.problems;
  if (estimate.parameters === undefined) {
    return { id: case_.id, unsupported: problem?.message ?? 'nothing can be worked out', predicted: {} };
  }
  const on = (accelerator: string) => {
    const resources = { ...spec.resources, accelerator: assumed(accelerator, 'usual-accelerator') };
    return estimateWorkload({ ...spec, resources }, catalog, defaultSettings);
  };
  const average = () => estimateWorkload(withMeanLength(spec), known, defaultSettings);
  const predicted = { ...answerMemory(measured, estimate, average), ...answerTime(measured, estimate, spec, on) };
  return { id: case_.id, ...verdictOf(estimate), predicted };
}

/** Share of a device above which runs were seen to fail: allocators never fill the last pieces. */
const fullAt = 0.95;

/** A plain yes or no by the likely figure, where the estimate itself would call the ends of its range tight. */
function verdictOf({ memory }: Estimate): { readonly fits?: boolean } {
  if (memory?.capacity === undefined) return {};
  return { fits: memory.device.likely <= fullAt * memory.capacity };
}

/** Padded length of an average batch over the longest one's: instruction data are about half as long. */
const meanOverLongest = 0.5;

/** The same run at the length of its average batch. */
function withMeanLength(spec: WorkloadSpec): WorkloadSpec {
  const length = likely(spec.data.sequenceLength);
  if (length === undefined || likely(spec.data.packed) === true) return spec;
  const sequenceLength = assumed(length * meanOverLongest, 'mean-batch');
  return { ...spec, data: { ...spec.data, sequenceLength } };
}
