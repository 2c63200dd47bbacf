import { describe, expect, test } from 'vitest';
import { type Fact, stated } from '#core/facts/fact.ts';
import type { FactName, FactValues } from '#core/facts/vocabulary.ts';
import { defaultSettings } from '#core/settings.ts';
import { likely } from '#core/workload/known.ts';
import { resolveSpec } from '#core/workload/resolve.ts';
import { testCatalog } from '../../catalog/load.ts';

const catalog = testCatalog();
const span = { uri: 'file:///w/job', start: 0, end: 1 };

/** Format of weights and of matmuls, and whether one is cast to the other. */
function formats(values: { readonly [N in FactName]?: FactValues[N] }) {
  const facts = Object.entries(values).map(([name, value]) => stated(name as FactName, value as never, span) as Fact);
  const reading = {
    reader: 'hf-trainer',
    uri: span.uri,
    name: 'job',
    role: 'program' as const,
    anchor: span,
    facts,
    open: [],
  };
  const { precision } = resolveSpec(
    {
      id: 'w',
      name: 'job',
      main: span.uri,
      files: [span.uri],
      readings: [{ ...reading, references: [], problems: [] }],
      facts,
      open: [],
      conflicts: [],
      anchors: [span],
      problems: [],
    },
    catalog,
    defaultSettings,
  );
  return [likely(precision.parameters), likely(precision.compute), likely(precision.autocast)];
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
