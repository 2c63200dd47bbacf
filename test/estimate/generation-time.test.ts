import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittedEfficiency as k } from '#core/estimate/efficiency-fitted.ts';
import type { GenerationPlan, Plan } from '#core/estimate/plan.ts';
import { stepTotal } from '#core/estimate/step-parts.ts';
import { stepSeconds } from '#core/estimate/time-step.ts';
import { trainingPlan } from './time-plans.ts';

const made: GenerationPlan = {
  engine: 'vllm',
  tensor: 1,
  promptLength: 256,
  answerLength: 1024,
  maximumSequences: 256,
};
const at = (generation: Partial<GenerationPlan>, plan: Partial<Plan> = {}) =>
  stepSeconds(trainingPlan({ task: 'grpo', generation: { ...made, ...generation }, ...plan }), k);
const answers = (generation: Partial<GenerationPlan>, plan: Partial<Plan> = {}) =>
  at(generation, plan)?.generation ?? 0;

describe('answers that a policy is trained on', () => {
  it('take a decoding step a token, each no faster than the weights are read', () => {
    // 8 billion parameters in 16 bits over 3.35 TB/s: 4.8 ms a token.
    expect(answers({})).toBeGreaterThan(1024 * 0.0048);
    expect(answers({})).toBeLessThan(1024 * 0.02);
  });

  it('are what a step waits for most, more so in a loop of the training program', () => {
    const step = at({});
    expect(step && step.generation / stepTotal(step)).toBeGreaterThan(0.5);
    expect(answers({ engine: 'transformers' })).toBeGreaterThan(2 * answers({}));
  });

  it('are none where the model is trained on given answers', () => {
    expect(stepSeconds(trainingPlan(), k)?.generation).toBe(0);
  });

  it('share the work of a phase among its steps', () => {
    const steps = 4;
    const together = answers({ answersAtOnce: steps * 8 }, { microBatch: 8, accumulation: 1 });
    expect(together).toBeLessThan(answers({}, { microBatch: 8, accumulation: 1 }));
  });

  it('never take less time for more or longer ones', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 512 }),
        fc.integer({ min: 16, max: 8192 }),
        fc.constantFrom('vllm', 'transformers'),
        (batch, length, engine) => {
          const one = answers({ engine, answerLength: length }, { microBatch: batch });
          expect(answers({ engine, answerLength: length + 16 }, { microBatch: batch })).toBeGreaterThanOrEqual(
            one * 0.999,
          );
          // The engine's share under load sets in above eight sequences.
          if (batch !== 8)
            expect(answers({ engine, answerLength: length }, { microBatch: batch + 1 })).toBeGreaterThanOrEqual(
              one * 0.95,
            );
        },
      ),
    );
  });
});
