import { advise, describeGain } from './advice/advise.ts';
import { isDecided } from './advice/known.ts';
import { statedPlace, statedValue } from './propose.ts';
import type { Rule } from './rule.ts';

/** An optimiser that is told to step tensor by tensor. */
export const rule: Rule = {
  id: 'unfused-optimizer',
  meta: {
    title: 'The optimizer is not fused',
    severity: 'information',
    tags: ['waste'],
    why: 'A step that is not fused reads and writes weights, gradients and moments several times and keeps temporaries as large as the weights. The fused kernel passes over them once.',
    evidence:
      'Bytes moved by both: docs/estimator-time.md. Transformers takes the fused AdamW by default since torch 2.8 (`OptimizerNames.ADAMW_TORCH_FUSED`).',
    bad: 'torch.optim.AdamW(model.parameters(), lr=1e-4, fused=False)',
    good: 'torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)',
    threshold: { percent: 3, money: 1 },
  },
  check(view) {
    if (statedValue(view, 'optimizer.fused') !== false || !isDecided(view)) return [];
    return advise(view, rule, {
      span: statedPlace(view, 'optimizer.fused'),
      proposal: {
        title: 'Fuse the optimizer step',
        changes: [{ name: 'optimizer.fused', value: true }],
        safe: false,
        effect: 'changes rounding',
      },
      say: ({ saving }) => `The optimizer steps tensor by tensor: fused ${describeGain(saving)}.`,
    });
  },
};
