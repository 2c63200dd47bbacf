import type { AnalyzedWorkload } from '../analyze.ts';
import { likely } from '../workload/known.ts';

/** True for a job of which nothing can be said: neither the size of its model, nor accelerator, time or price is known. */
export function isBlank({ spec, estimate }: AnalyzedWorkload): boolean {
  const { model, resources } = spec;
  return (
    !estimate.memory &&
    !estimate.cost &&
    !estimate.time &&
    likely(model.parameters) === undefined &&
    likely(resources.accelerator) === undefined
  );
}

/** The jobs to show one by one, and those that a list folds into a line; a single one is shown. */
export function foldBlank(workloads: readonly AnalyzedWorkload[]): {
  readonly shown: readonly AnalyzedWorkload[];
  readonly folded: readonly AnalyzedWorkload[];
} {
  const folded = workloads.filter(isBlank);
  if (folded.length < 2) return { shown: workloads, folded: [] };
  return { shown: workloads.filter((one) => !folded.includes(one)), folded };
}

/** "109 more jobs of which neither model size, accelerator nor price is known". */
export function phraseFolded(folded: readonly AnalyzedWorkload[], all: number): string {
  const more = folded.length < all ? ' more' : '';
  return `${folded.length}${more} jobs of which neither model size, accelerator nor price is known`;
}
