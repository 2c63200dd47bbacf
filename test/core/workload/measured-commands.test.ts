import { expect, test } from 'vitest';
import { estimateWorkload } from '#core/estimate/index.ts';
import { readFile } from '#core/readers/read.ts';
import { defaultSettings } from '#core/settings.ts';
import { bytesPerGiB } from '#core/units/quantity.ts';
import { resolveSpec } from '#core/workload/resolve.ts';
import { testCatalog } from '../../catalog/load.ts';
import { testSyntax } from '../../grammars.ts';
import { jobOf } from './job.ts';

// Commands with the settings of published scripts whose memory a GPU was measured (modelscope/ms-swift, heads of `examples/**/*.sh`,
// read in 2026): from text to memory, as a user has it.
const syntax = await testSyntax();
const catalog = testCatalog();

function memoryOf(command: string): number {
  const file = { uri: 'file:///w/run.sh', languageId: 'bash', version: 0, text: `#!/bin/bash\n${command}\n` } as const;
  const [reading] = readFile(file, { syntax, file: () => undefined });
  if (!reading) throw new Error('nothing is read');
  const job = { ...jobOf('shell-launch', {}), readings: [reading], facts: reading.facts };
  const settings = { ...defaultSettings, accelerator: 'A100-80GB' };
  const { memory } = estimateWorkload(resolveSpec(job, catalog, settings), catalog, settings);
  return (memory?.device.likely ?? 0) / bytesPerGiB;
}

const megatron =
  '--tensor_model_parallel_size 4 --sequence_parallel true --micro_batch_size 1 --packing true --max_length 8192 --attention_backend flash';

test.each([
  [
    76,
    'CUDA_VISIBLE_DEVICES=0 swift sft --model Qwen/Qwen2.5-7B-Instruct --tuner_type full --torch_dtype bfloat16 --per_device_train_batch_size 1 --gradient_accumulation_steps 16 --max_length 2048',
  ],
  [
    17.2,
    'CUDA_VISIBLE_DEVICES=0 swift sft --model Qwen/Qwen2.5-7B-Instruct --tuner_type lora --gradient_accumulation_steps 16 --lora_rank 8',
  ],
  [
    65,
    `NPROC_PER_NODE=8 megatron sft --model Qwen/Qwen2.5-14B --global_batch_size 16 --recompute_granularity selective ${megatron}`,
  ],
])('%d GiB: %s', (measured, command) => {
  expect(Math.abs(memoryOf(command) / measured - 1)).toBeLessThan(0.15);
});
