import type { SpecChange } from '../readers/reader.ts';
import { found, propose, statedPlace, statedValue } from './propose.ts';
import type { Rule } from './rule.ts';

/** Stacks that train every weight where no adapter is named. */
const namesAdapter = new Set(['axolotl']);

/** A rank of adapters that are never made. */
export const rule: Rule = {
  id: 'lora-inactive',
  meta: {
    title: 'LoRA is stated and not active',
    severity: 'warning',
    tags: ['waste', 'fit'],
    why: 'A rank alone makes no adapter: the trainer asks another key whether there is one. Without it every weight is trained, at many times the memory and the checkpoint, and nobody is told.',
    evidence:
      'Axolotl makes adapters only where `adapter` names one; LLaMA-Factory’s `finetuning_type: full` ignores `lora_rank`.',
    bad: 'lora_r: 32\nlora_alpha: 16     # and no adapter:',
    good: 'adapter: lora\nlora_r: 32\nlora_alpha: 16',
  },
  check(view) {
    const span = statedPlace(view, 'lora.r');
    const method = statedValue(view, 'peft.method');
    const open = view.workload.open.some(({ name }) => name === 'peft.method');
    const unnamed = method === undefined && !open && namesAdapter.has(view.spec.code.stack);
    if (!span || view.spec.task === 'serving' || !(unnamed || method === 'full' || method === 'freeze')) return [];
    const changes: readonly SpecChange[] = [{ name: 'peft.method', value: 'lora' }];
    const proposed = propose(view, {
      title: 'Train LoRA adapters',
      changes,
      safe: false,
      effect: 'trains adapters instead of all weights',
    });
    const why = unnamed ? 'no adapter is named' : `the method is ${method}`;
    const message = `The rank ${String(statedValue(view, 'lora.r'))} has no effect: ${why}, so every weight is trained.`;
    const place = statedPlace(view, 'peft.method');
    const related = place ? [{ span: place, message: `The method: ${method}.` }] : [];
    return found(rule, span, message, [proposed], { related });
  },
};
