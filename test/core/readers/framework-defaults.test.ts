import { expect, test } from 'vitest';
import { readFile } from '#core/readers/read.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { testSyntax } from '../../grammars.ts';

/** Facts of a program that its framework supplies, as `value (framework release)`. */
async function defaultsOf(text: string): Promise<Readonly<Record<string, string>>> {
  const file: SourceFile = { uri: 'file:///repo/train.py', languageId: 'python', version: 0, text };
  const [reading] = readFile(file, { syntax: await testSyntax(), file: () => undefined });
  return Object.fromEntries(
    (reading?.facts ?? []).flatMap(({ name, value, origin }) =>
      origin.kind === 'framework-default'
        ? [[name, `${String(value)} (${origin.framework} ${origin.version})`] as const]
        : [],
    ),
  );
}

const sft = (args: string, type = 'SFTConfig') => `from transformers import TrainingArguments
from trl import SFTConfig, SFTTrainer
args = ${type}(output_dir="out"${args})
SFTTrainer(model="Qwen/Qwen3-0.6B", args=args, train_dataset=data).train()
`;

test('a TRL config recomputes, cuts at 1,024 tokens and computes in bf16', async () => {
  expect(await defaultsOf(sft(''))).toMatchObject({
    'training.gradient_checkpointing': 'true (trl 1.13.0)',
    'training.precision': 'bf16 (trl 1.13.0)',
    'data.seq_len': '1024 (trl 1.13.0)',
    'optimizer.lr': '0.00002 (trl 1.13.0)',
    'training.per_device_batch_size': '8 (trl 1.13.0)',
  });
});

test('a precision that the program turns off is not turned on again', async () => {
  expect(await defaultsOf(sft(', bf16=False'))).not.toHaveProperty('training.precision');
});

test('arguments of Transformers keep their own defaults in a trainer of TRL', async () => {
  const found = await defaultsOf(sft('', 'TrainingArguments'));
  expect(found).toMatchObject({ 'training.gradient_checkpointing': 'false (transformers 5.18.0)' });
  expect(found).not.toHaveProperty('training.precision');
});

test('GRPO generates eight answers of at most 512 tokens a prompt', async () => {
  const text = `from trl import GRPOConfig, GRPOTrainer
GRPOTrainer(model="Qwen/Qwen3-0.6B", args=GRPOConfig(output_dir="out", max_steps=200), train_dataset=data).train()
`;
  expect(await defaultsOf(text)).toMatchObject({
    'rl.num_generations': '8 (trl 1.13.0)',
    'rl.max_completion_length': '512 (trl 1.13.0)',
    'rl.beta': '0 (trl 1.13.0)',
  });
});

test('Lightning stops after 1,000 epochs where nothing limits it', async () => {
  const program = (words: string) => `import lightning as L
trainer = L.Trainer(devices=4, accelerator="gpu"${words})
trainer.fit(model, loader)
`;
  expect(await defaultsOf(program(''))).toMatchObject({ 'training.epochs': '1000 (lightning 2.6.6)' });
  expect(await defaultsOf(program(', max_steps=500'))).not.toHaveProperty('training.epochs');
});
