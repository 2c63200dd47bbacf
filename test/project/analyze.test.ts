import { describe, expect, it } from 'vitest';
import { analyze } from '#core/analyze.ts';
import { defaultSettings } from '#core/settings.ts';
import { languageOf } from '#core/source/language.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { testCatalog } from '../catalog/load.ts';
import { testSyntax } from '../grammars.ts';

const job = `base_model: NousResearch/Llama-2-7b-hf
datasets:
  - path: tatsu-lab/alpaca
    type: alpaca
sequence_len: 2048
micro_batch_size: 2
gradient_accumulation_steps: 4
num_epochs: 1
optimizer: adamw_torch
bf16: true
output_dir: ./out
`;

const hardware = 'accelerator: A100-80GB:8\n';

const root = 'file:///work/repo/';

async function costOf(files: Readonly<Record<string, string>>) {
  const syntax = await testSyntax();
  const given = Object.entries(files).map(([name, text], i): readonly [string, SourceFile] => {
    const uri = `${root}${name}`;
    return [uri, { uri, languageId: languageOf(uri, text) ?? 'yaml', version: i, text }];
  });
  const { workloads, problems } = analyze({
    files: new Map(given),
    syntax,
    catalog: testCatalog(),
    settings: defaultSettings,
  });
  const cost = workloads[0]?.estimate.cost;
  return { perHour: cost && cost.perHour.micros.likely / 1e6, offer: cost?.offer, problems, jobs: workloads.length };
}

describe('a rate typed in flopwise.yaml', () => {
  it('is the price of the jobs of its folder and the folders below, the nearest file first', async () => {
    expect(
      await costOf({ 'sky/tune.yaml': job, 'flopwise.yaml': `${hardware}rates:\n  A100-80GB: 1.5\n` }),
    ).toMatchObject({
      perHour: 12,
      jobs: 1,
      problems: [],
    });
    const both = {
      'sky/tune.yaml': job,
      'flopwise.yaml': `${hardware}rates: {A100-80GB: 1.5}`,
      'sky/flopwise.yaml': `${hardware}rates: {A100-80GB: 2}`,
    };
    expect(await costOf(both)).toMatchObject({ perHour: 16 });
    expect(
      await costOf({ 'tune.yaml': job, 'other/flopwise.yaml': `${hardware}rates: {A100-80GB: 2}` }),
    ).not.toMatchObject({
      perHour: 16,
    });
  });

  it('is traced to its line', async () => {
    const text = `${hardware}rates:\n  A100-80GB: 1.5\n`;
    const { offer } = await costOf({ 'tune.yaml': job, 'flopwise.yaml': text });
    expect(offer).toMatchObject({
      origin: { kind: 'setting', span: { uri: `${root}flopwise.yaml`, start: text.indexOf('1.5') } },
    });
  });

  it('that cannot hold is named, and the list price stands', async () => {
    const { perHour, problems } = await costOf({
      'tune.yaml': job,
      'flopwise.yaml': `${hardware}rates: {A100-80GB: 0}`,
    });
    expect(perHour).toBeGreaterThan(13);
    expect(problems.map(({ message }) => message)).toEqual(['rates.A100-80GB must be above 0.']);
  });
});
