import type { ProgramFamily } from '../../facts/reading.ts';
import type { CodeSpec } from '../spec.ts';
import type { Workload } from '../workload.ts';

type Stack = CodeSpec['stack'];

/** The stack that each reader's files run on; readers that say nothing of the code (Slurm, Kubernetes) are absent. */
const stackByReader: Readonly<Record<string, Stack>> = {
  'hf-trainer': 'hf-trainer',
  'hf-yaml': 'hf-trainer',
  'alignment-handbook': 'trl',
  trl: 'trl',
  accelerate: 'accelerate',
  'accelerate-config': 'accelerate',
  pytorch: 'pytorch',
  lightning: 'lightning',
  torchtitan: 'torchtitan',
  'torchtitan-python': 'torchtitan',
  torchtune: 'torchtune',
  litgpt: 'litgpt',
  megatron: 'megatron',
  'megatron-sh': 'megatron',
  'gpt-neox': 'megatron',
  nemo: 'megatron',
  deepspeed: 'deepspeed',
  'deepspeed-config': 'deepspeed',
  axolotl: 'axolotl',
  llamafactory: 'llamafactory',
  'llm-foundry': 'llm-foundry',
  maxtext: 'maxtext',
  nanogpt: 'nanogpt',
  timm: 'timm',
  diffusers: 'diffusers',
  keras: 'keras',
  jax: 'jax',
  flax: 'jax',
  unsloth: 'unsloth',
  verl: 'other',
};

/** The stack of a program that a command alone tells of. */
const stackByFamily: Readonly<Record<ProgramFamily, Stack>> = {
  hf: 'hf-trainer',
  trl: 'trl',
  llamafactory: 'llamafactory',
  diffusers: 'diffusers',
  megatron: 'megatron',
  litgpt: 'litgpt',
};

/** Launchers and manifests speak for the code only where no file of the program does. */
const order = ['program', 'config', 'serving', 'launcher', 'job', 'fragment', 'infrastructure'];

/** The software that a job runs on, from the readers that recognised its files. */
export function stackOf(workload: Workload): Stack {
  const engine = workload.facts.find((fact) => fact.name === 'serving.engine')?.value;
  if (engine === 'vllm' || engine === 'sglang' || engine === 'tgi' || engine === 'tensorrt-llm') return engine;
  // Trainers of other libraries are run with Unsloth's kernels where it loads the model.
  if (workload.facts.some(({ name, value }) => name === 'model.loader' && value === 'unsloth')) return 'unsloth';
  const readings = [...workload.readings].sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
  const stacks = readings
    .map(({ reader, family }) => stackByReader[reader] ?? (family && stackByFamily[family]))
    .filter((stack) => stack !== undefined);
  return stacks.find((stack) => stack !== 'pytorch' && stack !== 'deepspeed') ?? stacks[0] ?? 'other';
}
