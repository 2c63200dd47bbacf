import { assumed, exact, type Known, likely, unknown } from '../known.ts';
import type { DataSpec, GenerationSpec } from '../spec.ts';
import { taskOfMethod } from './code.ts';
import type { FactView } from './fact-view.ts';

/** Whether the job trains on answers of the model's own. */
function makesAnswers(facts: FactView): boolean {
  const task = taskOfMethod(facts);
  return task === 'ppo' || task === 'grpo';
}

/** Stacks whose trainer makes answers with the training program's own model unless it is told of an engine. */
const ownLoop = new Set(['trl', 'axolotl', 'llamafactory', 'torchtune', 'unsloth', 'hf-trainer', 'accelerate']);

/** Readers whose batches count prompts, each of which brings several answers. */
const countsPrompts = new Set(['verl']);

/** vLLM and TRL take one device an engine where no degree is stated. */
const oneDevice = { kind: 'framework-default', framework: 'vllm', version: '0.20' } as const;

/** Tokens of a prompt where nothing states them: questions of mathematics and instructions. */
const usualPrompt = 256;

/** Answers of one prompt: one where the method compares none. */
export function answersPerPrompt(facts: FactView): number {
  return makesAnswers(facts) ? Math.max(1, facts.get('rl.num_generations') ?? 1) : 1;
}

/** Answers that one unit of the stated global batch stands for. */
export function answersPerSample(facts: FactView): number {
  return facts.workload.readings.some(({ reader }) => countsPrompts.has(reader)) ? answersPerPrompt(facts) : 1;
}

/** How the answers are made that a job of reinforcement learning trains on; undefined where it trains on given ones. */
export function resolveGeneration(facts: FactView, data: DataSpec): GenerationSpec | undefined {
  if (!makesAnswers(facts)) return undefined;
  const answer = answerLength(facts, data);
  if (answer === undefined) return undefined;
  const prompts = facts.get('rl.rollout_batch_size');
  const stated = facts.get('rl.rollout_engine')?.toLowerCase();
  const engine = stated === undefined || stated === 'hf' ? undefined : stated;
  const apart = facts.get('rl.rollout_colocated') === false;
  const engines = facts.maybe('rl.rollout_engines') ?? (apart ? assumed(1, 'one-engine') : undefined);
  const sequences = facts.maybe('serving.max_num_seqs');
  return {
    engine: engine
      ? facts.from(engine, 'rl.rollout_engine')
      : assumed(stated === 'hf' || ownLoop.has(facts.stack) ? 'transformers' : 'vllm', 'rollout-engine'),
    tensorParallel: facts.maybe('serving.tp') ?? exact(1, oneDevice),
    ...(engines ? { engines } : {}),
    promptLength: facts.maybe('rl.max_prompt_length') ?? assumed(usualPrompt, 'prompt-length'),
    answerLength: answer,
    ...(prompts === undefined
      ? {}
      : { answersAtOnce: facts.from(prompts * answersPerPrompt(facts), 'rl.rollout_batch_size') }),
    ...(sequences ? { maximumSequences: sequences } : {}),
  };
}

/** Tokens of an answer at most: stated, or what the whole length leaves beside its prompt. */
function answerLength(facts: FactView, data: DataSpec): Known<number> | undefined {
  const stated = facts.maybe('rl.max_completion_length');
  if (stated) return stated;
  const whole = likely(data.sequenceLength);
  if (whole === undefined) return undefined;
  const prompt = facts.get('rl.max_prompt_length') ?? Math.min(usualPrompt, whole / 2);
  return whole > prompt
    ? exact(whole - prompt, { kind: 'assumption', id: 'answer-length' })
    : unknown('no room is left');
}
