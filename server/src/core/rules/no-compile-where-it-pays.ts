import { likely } from '../workload/known.ts';
import { advise, describeGain } from './advice/advise.ts';
import { isDecided } from './advice/known.ts';
import { statedPlace } from './propose.ts';
import type { Rule } from './rule.ts';

/** Stacks with a switch that compiles the model, off unless told. */
const switched = new Set([
  'hf-trainer',
  'trl',
  'axolotl',
  'llamafactory',
  'torchtitan',
  'torchtune',
  'nanogpt',
  'timm',
]);

/** Batches of one shape in code that is not compiled. */
export const rule: Rule = {
  id: 'no-compile-where-it-pays',
  meta: {
    title: 'Compiling would pay',
    severity: 'information',
    tags: ['waste'],
    why: 'Between the matrix products, eager code launches a kernel for every small operation and moves its result through memory. The compiler fuses them. It pays where batches have one shape, as packed samples and images have; where lengths vary it compiles again and again.',
    evidence:
      'Bytes and launches of a layer, eager against compiled: docs/estimator-time.md. A minute of compiling is in the figure. Reported only for batches of one shape.',
    bad: 'SFTConfig(packing=True)',
    good: 'SFTConfig(packing=True, torch_compile=True)',
    threshold: { percent: 10, money: 5 },
  },
  check(view) {
    const { code, data, task } = view.spec;
    if (!switched.has(code.stack) || likely(code.compiled) === true || !isDecided(view)) return [];
    const oneShape = task === 'vision' || task === 'pretrain' || likely(data.packed) === true;
    // Quantised and adapted linears break the graph at each of their kernels.
    if (!oneShape || view.spec.model.quantization || view.spec.adapter) return [];
    return advise(view, rule, {
      span: statedPlace(view, 'training.compile', 'data.packing', 'training.per_device_batch_size', 'model.name'),
      proposal: {
        title: 'Compile the model',
        changes: [{ name: 'training.compile', value: true }],
        safe: false,
        effect: 'changes rounding',
      },
      say: ({ saving }) => `Batches have one shape and the model is not compiled: compiled ${describeGain(saving)}.`,
      onlyWithFix: true,
    });
  },
};
