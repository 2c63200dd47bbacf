import { expect, test } from 'vitest';
import { analyze } from '#core/analyze.ts';
import { createCatalog } from '#core/catalog/decode.ts';
import { createReadCache } from '#core/readers/read.ts';
import { defaultSettings } from '#core/settings.ts';
import type { LanguageId, SourceFile } from '#core/source/source-file.ts';
import { testSyntax } from '../../grammars.ts';

const { value: catalog } = createCatalog({});
const source = (name: string, languageId: LanguageId, text: string, version = 1): SourceFile => ({
  uri: `file:///job/${name}`,
  languageId,
  version,
  text,
});

const script = source(
  'train.py',
  'python',
  `import argparse
from sizes import batch
from transformers import Trainer, TrainingArguments
parser = argparse.ArgumentParser()
parser.add_argument('--lr', type=float, default=1e-4)
given = parser.parse_args()
arguments = TrainingArguments(output_dir='out', per_device_train_batch_size=batch, learning_rate=given.lr)
Trainer(model='gpt2', args=arguments).train()
`,
);
const sizes = source('sizes.py', 'python', 'batch = 4\n');
const launcher = source('run.sh', 'bash', 'torchrun --nproc_per_node=8 train.py --lr 2e-5\n');

async function analyzer() {
  const syntax = await testSyntax();
  const readings = createReadCache();
  const world = (files: readonly SourceFile[]) => ({
    files: new Map(files.map((file) => [file.uri, file])),
    syntax,
    catalog,
    settings: defaultSettings,
  });
  return (...files: readonly SourceFile[]) => {
    const cached = analyze({ ...world(files), readings });
    // Copies are new values, of which nothing can be remembered.
    const fresh = analyze(world(files.map((file) => ({ ...file }))));
    expect(cached).toEqual(fresh);
    return Object.fromEntries(
      cached.workloads.flatMap(({ workload }) => workload.facts).map((one) => [one.name, one.value]),
    );
  };
}

test('what is remembered is what would be read, however often', async () => {
  const facts = await analyzer();
  for (let round = 0; round < 3; round += 1) {
    expect(facts(script, sizes, launcher)).toMatchObject({ 'training.per_device_batch_size': 4, 'optimizer.lr': 2e-5 });
  }
});

test('a change of a companion file is seen, and so is its loss and its return', async () => {
  const facts = await analyzer();
  expect(facts(script, sizes)['training.per_device_batch_size']).toBe(4);
  expect(facts(script, source('sizes.py', 'python', 'batch = 16\n', 2))['training.per_device_batch_size']).toBe(16);
  expect(facts(script)['training.per_device_batch_size']).toBeUndefined();
  expect(facts(script, sizes)['training.per_device_batch_size']).toBe(4);
});

test('a change of the command is seen', async () => {
  const facts = await analyzer();
  expect(facts(script, sizes, launcher)['optimizer.lr']).toBe(2e-5);
  const faster = source('run.sh', 'bash', 'torchrun --nproc_per_node=8 train.py --lr 3e-4\n', 2);
  expect(facts(script, sizes, faster)['optimizer.lr']).toBe(3e-4);
  expect(facts(script, sizes)['optimizer.lr']).toBe(1e-4);
});

test('a change of the script itself is seen', async () => {
  const facts = await analyzer();
  facts(script, sizes, launcher);
  const text = script.text.replace('=batch', '=2');
  expect(facts({ ...script, version: 2, text }, sizes, launcher)['training.per_device_batch_size']).toBe(2);
});
