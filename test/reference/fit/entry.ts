/** What the fit calls of the core, as one bundle. */
export { loadCatalog } from '#core/catalog/decode.ts';
export { type Efficiency, fittedNames, priorEfficiency } from '#core/estimate/efficiency.ts';
export { resolvePlan } from '#core/estimate/resolve-plan.ts';
export { estimateServingMemory } from '#core/estimate/serving-memory.ts';
export { generationOf, runningSequences } from '#core/estimate/serving-time.ts';
export { stepTotal } from '#core/estimate/step-parts.ts';
export { tokensPerStep } from '#core/estimate/time.ts';
export { runOverhead, stepsOf } from '#core/estimate/time-run.ts';
export { stepSeconds } from '#core/estimate/time-step.ts';
export { sheetOf } from '#core/predict/case.ts';
export { catalogWithDevice } from '#core/predict/device.ts';
export { specOf } from '#core/predict/spec.ts';
export { withTimeFields } from '#core/predict/time-fields.ts';
export { defaultSettings } from '#core/settings.ts';
