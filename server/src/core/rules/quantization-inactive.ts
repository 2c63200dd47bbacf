import type { SpecChange } from '../readers/reader.ts';
import { found, propose, statedPlace, statedValue } from './propose.ts';
import type { Rule } from './rule.ts';

/** Types of bitsandbytes, which need their switch. */
const typed = new Set(['nf4', 'fp4']);

/** Settings of a quantisation that is not switched on. */
export const rule: Rule = {
  id: 'quantization-inactive',
  meta: {
    title: 'Quantization is stated and not active',
    severity: 'warning',
    tags: ['waste', 'fit'],
    why: 'The type of four-bit numbers and their compute format mean nothing while loading in four bits is off: the weights stay in 16 bits, at four times the memory.',
    evidence: '`BitsAndBytesConfig(load_in_4bit=False)` is the default of transformers, whatever its other arguments.',
    bad: 'BitsAndBytesConfig(bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16)',
    good: 'BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16)',
  },
  check(view) {
    const { workload, spec } = view;
    const known = [...workload.facts, ...workload.open].some(({ name }) => name === 'quantization.bits');
    const method = statedValue(view, 'quantization.method');
    const four = typed.has(method ?? '') || statedValue(view, 'quantization.compute_dtype') !== undefined;
    if (known || !four || spec.task === 'serving' || (method !== undefined && !typed.has(method))) return [];
    // Methods and stacks that quantise without the switch.
    if (statedValue(view, 'peft.method') === 'qlora' || spec.code.stack === 'unsloth') return [];
    const span = statedPlace(view, 'quantization.method', 'quantization.compute_dtype');
    // A launcher's program may switch it on by itself.
    const stated = workload.readings.find((one) => one.uri === span?.uri && one.role !== 'fragment')?.role;
    if (!span || (stated !== 'config' && stated !== 'program')) return [];
    const changes: readonly SpecChange[] = [{ name: 'quantization.bits', value: 4 }];
    const proposed = propose(view, { title: 'Load in 4 bits', changes, safe: false, effect: 'changes numerics' });
    const message =
      'The quantization has no effect: loading in 4 bits is not switched on, so the weights stay in 16 bits.';
    return found(rule, span, message, [proposed]);
  },
};
