import type { Catalog } from '../catalog/catalog.ts';
import { estimateWorkload } from '../estimate/index.ts';
import { defaultSettings } from '../settings.ts';
import { exact } from '../workload/known.ts';
import type { WorkloadSpec } from '../workload/spec.ts';
import type { Sheet } from './case.ts';
import type { Answers } from './index.ts';

const asked = { kind: 'setting', key: 'case' } as const;

/** The run with samples of one length, or with a micro batch, that is tried. */
const tries: Readonly<Record<string, (spec: WorkloadSpec, size: number) => WorkloadSpec>> = {
  max_seq_len_that_fits: (spec, size) => ({
    ...spec,
    data: { ...spec.data, sequenceLength: exact(size, asked), packed: exact(true, asked) },
  }),
  max_micro_batch_that_fits: withMicroBatch,
  max_batch_that_fits: withMicroBatch,
};

function withMicroBatch(spec: WorkloadSpec, size: number): WorkloadSpec {
  const { schedule, serving } = spec;
  if (serving) return { ...spec, serving: { ...serving, concurrency: exact(size, asked) } };
  return schedule ? { ...spec, schedule: { ...schedule, microBatch: exact(size, asked) } } : spec;
}

/** Largest size that is tried. */
const largest = 2 ** 22;
/** Doublings and halvings that tell a size to one part in a thousand. */
const steps = 32;

/** The longest sample, or largest batch, that fits the device: where the likely figure meets its memory, and where the ends of the range do. */
export function answerLimit(measured: Sheet, spec: WorkloadSpec, catalog: Catalog): Answers {
  const answers: Record<string, { low: number; likely: number; high: number }> = {};
  for (const [key, at] of Object.entries(tries)) {
    if (!measured.has(key)) continue;
    const most = (end: 'low' | 'likely' | 'high') => mostThatFits((size) => fits(at(spec, size), catalog, end));
    const likely = most('likely');
    // Where nothing is known that grows with the size, no limit is. Where more memory than likely is taken, less fits.
    if (likely > 0 && likely < largest) answers[key] = { low: Math.max(1, most('high')), likely, high: most('low') };
  }
  return answers;
}

function fits(spec: WorkloadSpec, catalog: Catalog, end: 'low' | 'likely' | 'high'): boolean {
  const { memory } = estimateWorkload(spec, catalog, defaultSettings);
  return memory?.capacity !== undefined && memory.device[end] <= memory.capacity;
}

/** The greatest whole size up to the largest that a test, true below some size and false above, is true of; 0 where of none. */
function mostThatFits(test: (size: number) => boolean): number {
  let below = 0;
  let above = largest;
  if (test(above)) return above;
  for (let step = 0; step < steps && above - below > Math.max(1, below / 1000); step++) {
    const middle = below === 0 ? Math.ceil(above / 4) : Math.floor((below + above) / 2);
    if (test(middle)) below = middle;
    else above = middle;
    if (below === 0 && above <= 1) break;
  }
  return below;
}
