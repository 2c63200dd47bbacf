import { likely } from '../workload/known.ts';
import type { SpeculationSpec } from '../workload/spec.ts';
import type { DeviceRates } from './compute-rates.ts';
import type { Efficiency } from './efficiency.ts';
import type { ParameterCounts } from './parameters.ts';
import type { Plan, SpeculationPlan } from './plan.ts';
import { shapeOf } from './shape-from-size.ts';

/** Drafted tokens where nothing states them (SGLang's and vLLM's examples: three to five). */
const usualTokens = 4;

/** A stated draft at one point: a layer on the model has a layer's weights and reads the model's own output projection. */
export function speculationAt(spec: SpeculationSpec, counts: ParameterCounts): SpeculationPlan {
  const { kind } = spec;
  const tokens = Math.max(1, likely(spec.tokens) ?? usualTokens);
  const stated = spec.parameters && likely(spec.parameters);
  if (kind === 'words') return { kind, tokens, parameters: 0, layers: 0 };
  if (kind === 'layer' || stated === undefined) return { kind: 'layer', tokens, parameters: counts.layer, layers: 1 };
  return { kind, tokens, parameters: stated, layers: shapeOf(stated).layers };
}

/** Shares of drafted tokens that a model accepts. */
export interface Acceptance {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/**
 * Small models and trained layers: 0.53 to 0.85 over tasks and temperatures (Leviathan et al. 2023, table 2; EAGLE's three to four
 * tokens a check are 0.7 to 0.8). Words seen before are right where answers repeat their prompt, and seldom elsewhere.
 */
const accepted: Readonly<Record<SpeculationSpec['kind'], Acceptance>> = {
  model: { low: 0.5, likely: 0.7, high: 0.85 },
  layer: { low: 0.5, likely: 0.7, high: 0.85 },
  words: { low: 0.1, likely: 0.4, high: 0.8 },
};

/** Share of drafted tokens that is accepted; absent where nothing drafts. */
export function acceptanceOf({ serving }: Plan): Acceptance | undefined {
  return serving?.speculation && accepted[serving.speculation.kind];
}

/** Tokens that one check yields, drafted ones and its own: `(1 - a^(n+1)) / (1 - a)` (Leviathan et al. 2023, equation 1). */
export function tokensPerCheck(acceptance: number, drafted: number): number {
  return acceptance >= 1 ? drafted + 1 : (1 - acceptance ** (drafted + 1)) / (1 - acceptance);
}

/** Seconds of drafting `tokens` one after another: the draft's weights are read each time, its layers launched. */
export function draftSeconds(plan: Plan, rates: DeviceRates, k: Efficiency): number {
  const draft = plan.serving?.speculation;
  if (!draft || draft.kind === 'words') return 0;
  const head = draft.kind === 'layer' ? plan.counts.head || plan.counts.embedding : 0;
  const read = (2 * (draft.parameters + head)) / plan.parallel.tensor / (rates.bandwidth * k.decodeShare);
  return draft.tokens * (read + draft.layers * k.decodeLayerGraph);
}
