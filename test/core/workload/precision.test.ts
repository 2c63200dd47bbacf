import { describe, expect, test } from 'vitest';
import { figure, type Stated, specOf } from './job.ts';

/** Format of weights and of matmuls, and whether one is cast to the other. */
function formats(values: Stated) {
  const { precision } = specOf('hf-trainer', values);
  return [figure(precision.parameters), figure(precision.compute), figure(precision.autocast)];
}

describe('formats that no file states', () => {
  const encoder = { 'model.name': 'google-bert/bert-base-uncased' } as const;
  const decoder = { 'model.name': 'Qwen/Qwen2.5-7B' } as const;

  test('weights that were published in fp32 stay so, and are computed in it where nothing else is asked', () => {
    expect(formats(encoder)).toEqual(['fp32', 'fp32', false]);
    expect(formats({ ...encoder, 'training.precision': 'bf16' })).toEqual(['fp32', 'bf16', true]);
    expect(formats({ 'model.name': 'google-t5/t5-base' })).toEqual(['fp32', 'fp32', false]);
  });

  test('those of decoders of today are left open, but for mixed fp16, which needs them wide', () => {
    expect(formats({ ...decoder, 'training.precision': 'bf16' })).toEqual([undefined, 'bf16', true]);
    expect(formats({ ...decoder, 'training.precision': 'fp16' })).toEqual(['fp32', 'fp16', true]);
    expect(
      formats({ ...decoder, 'training.precision': 'fp16', 'peft.method': 'lora', 'lora.r': 8 })[0],
    ).toBeUndefined();
  });

  test('what the program loads them in comes first', () => {
    expect(formats({ ...encoder, 'model.dtype': 'bf16', 'training.precision': 'bf16' })[0]).toBe('bf16');
  });
});
