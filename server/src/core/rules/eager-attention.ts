import { formatGiB } from '../units/format.ts';
import { isTransformer } from '../workload/architecture.ts';
import { likely } from '../workload/known.ts';
import { describeGain } from './advice/advise.ts';
import { isDecided } from './advice/known.ts';
import { found, isWorth, propose, statedPlace, weigh } from './propose.ts';
import type { Rule } from './rule.ts';

/** Families whose model code asks for eager attention in training, because of capped logits. */
const capped = /^gemma-?[23]/i;
/** Memory that is worth a word by itself. */
const worthBytes = 2 ** 30;

/** Attention that writes its whole score matrix to memory. */
export const rule: Rule = {
  id: 'eager-attention',
  meta: {
    title: 'Attention is computed eagerly',
    severity: 'warning',
    tags: ['waste'],
    why: 'Eager attention writes a score for every pair of tokens and head to memory, reads it back several times and keeps it for the backward pass. Fused kernels never write it: memory grows with the length instead of its square.',
    evidence:
      'Dao et al. 2022 and 2023 (FlashAttention); bytes kept by both in transformers 5.18: docs/estimator.md. PyTorch has a fused kernel of its own since 2.0 (`sdpa`).',
    bad: 'AutoModelForCausalLM.from_pretrained(name, attn_implementation="eager")',
    good: 'AutoModelForCausalLM.from_pretrained(name, attn_implementation="sdpa")',
    threshold: { percent: 5, money: 1 },
  },
  check(view) {
    const { code, model } = view.spec;
    if (code.attention.kind !== 'exact' || code.attention.value !== 'eager' || !isDecided(view)) return [];
    const architecture = likely(model.architecture);
    if (!architecture || !isTransformer(architecture) || capped.test(architecture.family)) return [];
    const span = statedPlace(view, 'model.attn_implementation');
    const changes = [{ name: 'model.attn_implementation', value: 'sdpa' }] as const;
    const weighed = weigh(view, changes);
    const freed = -(weighed.saving.memoryBytes?.likely ?? 0);
    if (!span || (!isWorth(view, weighed.saving) && freed < worthBytes)) return [];
    const proposed = propose(
      view,
      { title: 'Use fused attention', changes, safe: false, effect: 'changes rounding' },
      weighed,
    );
    const gains = [describeGain(weighed.saving), ...(freed >= worthBytes ? [`${formatGiB(freed)} GiB less`] : [])];
    const message = `Attention is computed eagerly: with the fused kernel ${gains.filter(Boolean).join(', ')}.`;
    return found(rule, span, message, [proposed]);
  },
};
