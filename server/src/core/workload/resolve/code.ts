import { type Known, unknown } from '../known.ts';
import type { CodeSpec, Task } from '../spec.ts';
import type { FactView } from './fact-view.ts';

/** What the code runs on and which kernels it names. */
export function resolveCode(facts: FactView): CodeSpec {
  const liger = facts.get('training.liger_kernel');
  const fused = facts.get('training.fused_loss');
  return {
    stack: facts.stack,
    attention: attentionOf(facts),
    compiled: facts.known('training.compile'),
    ...(facts.get('training.channels_last') === undefined
      ? {}
      : { channelsLast: facts.known('training.channels_last') }),
    fusedLoss: fused !== undefined ? facts.known('training.fused_loss') : facts.known('training.liger_kernel'),
    ...(liger === undefined ? {} : { fusedLayers: facts.known('training.liger_kernel') }),
  };
}

function attentionOf(facts: FactView): Known<'eager' | 'sdpa' | 'flash'> {
  const word = facts.get('model.attn_implementation')?.toLowerCase();
  if (word === undefined) return unknown('not stated');
  const kernel = /flash|fa[23]|xformers|kernels-community|mem_efficient/.test(word)
    ? 'flash'
    : word === 'eager'
      ? 'eager'
      : 'sdpa';
  return facts.from(kernel, 'model.attn_implementation');
}

const taskByMethod: Readonly<Record<string, Task>> = {
  sft: 'finetune',
  dpo: 'dpo',
  kto: 'dpo',
  reward: 'reward',
  ppo: 'ppo',
  rloo: 'ppo',
  remax: 'ppo',
  reinforce: 'ppo',
  grpo: 'grpo',
  pretrain: 'pretrain',
};

/** Stacks whose programs train from scratch where no method is named. */
const pretrains = new Set<CodeSpec['stack']>(['megatron', 'torchtitan', 'maxtext', 'nanogpt', 'llm-foundry']);

/** The work that the stated method stands for; undefined where none is stated. */
export function taskOfMethod(facts: FactView): Task | undefined {
  const method = facts.get('training.method');
  return method === undefined ? undefined : taskByMethod[method.toLowerCase()];
}

/** Whether a language model is trained from scratch: as its method says, else as its stack is for. */
export function pretrainsModel(facts: FactView): boolean {
  return (taskOfMethod(facts) ?? (pretrains.has(facts.stack) ? 'pretrain' : 'finetune')) === 'pretrain';
}

/** What kind of work the job does. */
export function taskOf(facts: FactView, vision: boolean, serves: boolean): Task {
  if (serves) return 'serving';
  const named = taskOfMethod(facts);
  if (named) return named;
  if (facts.stack === 'diffusers') return 'diffusion';
  if (vision) return 'vision';
  return pretrainsModel(facts) ? 'pretrain' : 'finetune';
}
