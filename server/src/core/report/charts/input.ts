import type { Catalog } from '../../catalog/catalog.ts';
import type { Estimate } from '../../estimate/estimate.ts';
import type { Points } from '../../estimate/plan.ts';
import type { Settings } from '../../settings.ts';
import type { Span } from '../../source/span.ts';
import { type Origin, spanOf } from '../../source/traced.ts';
import type { WorkloadSpec } from '../../workload/spec.ts';
import type { Say } from '../words.ts';
import type { Place } from './chart.ts';

/** What the plots of one job are made from. */
export interface ChartInput {
  readonly spec: WorkloadSpec;
  readonly estimate: Estimate;
  /** The likely plan and what else it may be; absent where the size of the model is unknown. */
  readonly points?: Points;
  readonly catalog: Catalog;
  readonly settings: Settings;
  readonly say: Say;
  /** The place that editors show for a span; undefined where its file is not known. */
  placeOf(span: Span): Place | undefined;
}

/** The place of an origin, where it names one in the text. */
export function placeOfOrigin({ placeOf }: Pick<ChartInput, 'placeOf'>, origin: Origin | undefined): Place | undefined {
  const span = origin && spanOf(origin);
  return span && placeOf(span);
}
