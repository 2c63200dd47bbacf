import { describe, expect, test } from 'vitest';
import { estimateWorkload } from '#core/estimate/index.ts';
import { headOfClass } from '#core/readers/dialects/model-class.ts';
import { defaultSettings } from '#core/settings.ts';
import { testCatalog } from '../../catalog/load.ts';
import { figure, type Stated, specOf } from './job.ts';

/** The last states of 8,192 tokens in fp32 with a copy: all that a head of a few classes leaves at the loss of one text a sample. */
const lastStates = (hidden: number) => 8192 * hidden * 8;
const batch = {
  'training.per_device_batch_size': 16,
  'data.seq_len': 512,
  'training.precision': 'bf16',
  'hardware.accelerator': 'A100-80GB',
} as const;

function estimate(reader: string, values: Stated) {
  const spec = specOf(reader, { ...batch, ...values });
  const { memory } = estimateWorkload(spec, testCatalog(), defaultSettings);
  return {
    parameters: figure(spec.model.parameters),
    logits: memory?.terms.find(({ part }) => part === 'logits')?.bytes.likely ?? 0,
  };
}

describe('the head that a program gives a model', () => {
  const encoder = { 'model.name': 'google-bert/bert-base-uncased' } as const;

  test('an encoder is tuned to tell classes unless its class brings tokens back to the vocabulary', () => {
    expect(estimate('hf-trainer', encoder).logits).toBeLessThanOrEqual(2 * lastStates(768));
    expect(estimate('hf-trainer', { ...encoder, 'model.head': 'classes' }).logits).toBeLessThanOrEqual(
      2 * lastStates(768),
    );
    // 8,192 tokens, 30,522 entries, at least 8 bytes each.
    expect(estimate('hf-trainer', { ...encoder, 'model.head': 'vocabulary' }).logits).toBeGreaterThan(
      8192 * 30_522 * 8,
    );
  });

  test('a classifier of a decoder leaves the projection behind where it is a matrix of its own', () => {
    const whole = estimate('hf-trainer', { 'model.name': 'meta-llama/Llama-3.1-8B' });
    const classes = estimate('hf-trainer', { 'model.name': 'meta-llama/Llama-3.1-8B', 'model.head': 'classes' });
    expect((whole.parameters ?? 0) - (classes.parameters ?? 0)).toBe(128_256 * 4096);
    expect(classes.logits).toBeLessThanOrEqual(2 * lastStates(4096));
    expect(whole.logits).toBeGreaterThan(8192 * 128_256 * 8);
    const tied = estimate('hf-trainer', { 'model.name': 'Qwen/Qwen2.5-0.5B', 'model.head': 'classes' });
    expect(tied.parameters).toBe(estimate('hf-trainer', { 'model.name': 'Qwen/Qwen2.5-0.5B' }).parameters);
  });

  test('a reward model scores, but for LLaMA-Factory, whose score stands beside the language model', () => {
    const reward = { 'model.name': 'Qwen/Qwen2.5-7B-Instruct', 'training.method': 'reward' } as const;
    expect(estimate('trl', reward).logits).toBeLessThanOrEqual(2 * lastStates(3584));
    expect(estimate('llamafactory', reward).logits).toBeGreaterThan(8192 * 152_064 * 8);
  });

  test('classes of transformers by their names', () => {
    expect(
      [
        'transformers.AutoModelForSequenceClassification',
        'BertForTokenClassification',
        'transformers.AutoModel',
        'AutoModelForMaskedLM',
        'transformers.AutoModelForCausalLM',
        'GPT2LMHeadModel',
      ].map(headOfClass),
    ).toEqual(['classes', 'classes', 'classes', 'vocabulary', undefined, undefined]);
  });
});
