import { expect, test } from 'vitest';
import { readFile } from '#core/readers/read.ts';
import { defaultSettings } from '#core/settings.ts';
import type { SourceFile } from '#core/source/source-file.ts';
import { resolveSpec } from '#core/workload/resolve.ts';
import { testCatalog } from '../../catalog/load.ts';
import { testSyntax } from '../../grammars.ts';
import { figure, jobOf } from './job.ts';

const syntax = await testSyntax();

/** The spec of a launch script whose program lies elsewhere. */
function launched(command: string) {
  const file: SourceFile = {
    uri: 'file:///w/run.sh',
    languageId: 'bash',
    version: 0,
    text: `#!/bin/bash\n${command}\n`,
  };
  const [reading] = readFile(file, { syntax, file: () => undefined });
  if (!reading) throw new Error('nothing is read');
  const job = { ...jobOf('shell-launch', {}), readings: [reading], facts: reading.facts };
  return resolveSpec(job, testCatalog(), defaultSettings);
}

test('a command tells the stack of a program that is not at hand', () => {
  const stack = (command: string) => launched(command).code.stack;
  expect(
    stack('torchrun --nproc-per-node 8 pretrain_gpt.py --tensor-model-parallel-size 4 --num-layers 32 --bf16'),
  ).toBe('megatron');
  expect(stack('torchrun run_clm.py --model_name_or_path gpt2 --per_device_train_batch_size 8 --output_dir out')).toBe(
    'hf-trainer',
  );
  expect(stack('trl sft --model_name_or_path Qwen/Qwen2.5-0.5B --per_device_train_batch_size 2')).toBe('trl');
  expect(stack('python train.py --batch_size 8 --lr 1e-3')).toBe('other');
});

test("Megatron's command keeps fp32 masters and gradients of its half weights", () => {
  const { precision, recompute } = launched(
    'torchrun pretrain_gpt.py --tensor-model-parallel-size 2 --num-layers 32 --hidden-size 4096 --num-attention-heads 32 --bf16 --recompute-activations',
  );
  expect(figure(precision.masterWeights)).toBe(true);
  expect(figure(precision.gradients)).toBe('fp32');
  expect(figure(recompute.mode)).toBe('selective');
});

test('ms-swift trains adapters and recomputes where its command is silent, Megatron behind it everything in parts', () => {
  const plain = launched('CUDA_VISIBLE_DEVICES=0 swift sft --model Qwen/Qwen2.5-7B-Instruct --dataset own/chats#100');
  expect(plain.code.stack).toBe('hf-trainer');
  expect(figure(plain.adapter?.rank)).toBe(8);
  expect(figure(plain.recompute.mode)).toBe('full');
  const split = launched('NPROC_PER_NODE=4 megatron sft --model Qwen/Qwen2.5-7B --tensor_model_parallel_size 4');
  expect(split.code.stack).toBe('megatron');
  expect(split.adapter).toBeUndefined();
  expect(figure(split.recompute.mode)).toBe('selective');
  expect(figure(split.resources.perNode)).toBe(4);
});
