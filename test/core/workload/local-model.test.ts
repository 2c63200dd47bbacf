import { describe, expect, it } from 'vitest';
import { analyze } from '#core/analyze.ts';
import { defaultSettings } from '#core/settings.ts';
import { languageOf } from '#core/source/language.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { testCatalog } from '../../catalog/load.ts';
import { testSyntax } from '../../grammars.ts';

const job = (model: string) => `base_model: ${model}
datasets:
  - path: tatsu-lab/alpaca
    type: alpaca
sequence_len: 2048
micro_batch_size: 2
num_epochs: 1
optimizer: adamw_torch
bf16: true
`;

const config = JSON.stringify({
  model_type: 'llama',
  hidden_size: 1024,
  intermediate_size: 4096,
  num_attention_heads: 16,
  num_hidden_layers: 8,
  vocab_size: 32000,
});

const root = 'file:///work/repo/';

async function analyzed(files: Readonly<Record<string, string>>) {
  const given = Object.entries(files).map(([name, text], i): readonly [string, SourceFile] => {
    const uri = `${root}${name}`;
    return [uri, { uri, languageId: languageOf(uri, text) ?? 'yaml', version: i, text }];
  });
  const input = {
    files: new Map(given),
    syntax: await testSyntax(),
    catalog: testCatalog(),
    settings: { ...defaultSettings, accelerator: 'A100' },
  };
  const { workloads, missing } = analyze(input);
  return { parameters: workloads[0]?.estimate.parameters?.likely, missing };
}

describe('a model in a folder of the workspace', () => {
  it('is counted from its config.json', async () => {
    // 2 x 32000 x 1024 + 8 x (4 x 1024^2 + 3 x 1024 x 4096 + 2 x 1024) + 1024.
    expect(await analyzed({ 'a.yaml': job('./models/mine'), 'models/mine/config.json': config })).toEqual({
      parameters: 199_771_136,
      missing: [],
    });
  });
  it('is asked for where its file is not given', async () => {
    expect((await analyzed({ 'a.yaml': job('./models/mine') })).missing).toEqual([
      `${root}models/mine/config.json`,
      `${root}models/mine/adapter_config.json`,
    ]);
  });
  it('is its base where the folder holds an adapter', async () => {
    const adapter = JSON.stringify({ peft_type: 'LORA', r: 8, base_model_name_or_path: 'mistralai/Mistral-7B-v0.1' });
    const { parameters, missing } = await analyzed({
      'a.yaml': job('./models/tuned'),
      'models/tuned/adapter_config.json': adapter,
    });
    expect([parameters, missing]).toEqual([7_241_732_096, []]);
  });
  it.each(['meta-llama/Llama-2-7b-hf', '/models/mine', '$MODEL_DIR', 's3://bucket/mine'])(
    'is not looked for as %s',
    async (name) => {
      const { missing } = await analyzed({ 'a.yaml': job(name), 'config.json': config });
      expect(missing).toEqual([]);
    },
  );
});
