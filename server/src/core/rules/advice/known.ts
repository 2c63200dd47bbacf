import type { RuleView } from '../rule.ts';

/** True for a job that trains and says so: a file that only names a model may as well serve it. */
export function trains({ spec, workload }: RuleView): boolean {
  return (
    spec.task !== 'serving' &&
    spec.schedule !== undefined &&
    workload.facts.some(({ name, origin }) => origin.kind === 'code' && /^(training|optimizer|lora|rl)\./.test(name))
  );
}

/** Stacks that nobody starts on one device alone with the models that they are for. */
const distributed = new Set(['torchtitan', 'megatron', 'maxtext', 'llm-foundry', 'deepspeed', 'jax']);

/** Stacks that shard by themselves wherever they are given several devices. */
const selfSharding = new Set(['litgpt', 'torchtune']);

/**
 * How the devices of a job are known: `stated` where files or settings tell how many there are and what they share;
 * `alone` where its launcher, which is not seen, may share the states among several; `open` where the job shares them
 * among devices that nobody counts.
 */
export function devicesKnown({ spec, workload }: RuleView): 'stated' | 'alone' | 'open' {
  const { resources, parallelism, code } = spec;
  const { perNode, nodes } = resources;
  if (perNode.kind !== 'exact' || nodes.kind === 'unknown') return 'open';
  if (spec.task === 'serving') return 'stated';
  const degrees = [parallelism.tensorParallel, parallelism.pipelineParallel, parallelism.contextParallel];
  const split = degrees.some((degree) => degree.kind === 'exact' && degree.value > 1);
  const shares = /^(fsdp|fsdp2|deepspeed|megatron)$/.test(parallelism.implementation);
  // Who knows how a program of no known framework shares its states?
  if (code.stack === 'other' && workload.facts.every(({ name }) => name !== 'parallel.strategy')) return 'open';
  const started = workload.readings.some(({ role }) => role === 'launcher' || role === 'job');
  switch (perNode.origin.kind) {
    case 'code':
      return started || shares || perNode.value === 1 ? 'stated' : 'alone';
    case 'setting': {
      const told =
        started ||
        selfSharding.has(code.stack) ||
        workload.facts.some(({ name }) => /^parallel\.(strategy|zero_stage)$/.test(name));
      if (distributed.has(code.stack)) return 'open';
      return told || perNode.value === 1 ? 'stated' : 'alone';
    }
    default:
      return shares || split || distributed.has(code.stack) ? 'open' : 'alone';
  }
}

/** A size in a name is right within some 15 %: near enough for what a change brings. */
function isSized(parameters: RuleView['spec']['model']['parameters']): boolean {
  return parameters.kind === 'exact' || (parameters.kind === 'range' && parameters.high <= 1.5 * parameters.low);
}

/** True where nothing that decides memory and time of a training job is left open or guessed. */
export function isDecided(view: RuleView): boolean {
  return view.spec.precision.compute.kind === 'exact' && isShaped(view) && devicesKnown(view) !== 'open';
}

/** True where model, batch and length of a training job are known, whatever its number format and its devices. */
export function isShaped(view: RuleView): boolean {
  const { spec } = view;
  const images = spec.task === 'vision' || spec.data.imageSize !== undefined;
  return (
    trains(view) &&
    spec.schedule?.microBatch.kind === 'exact' &&
    (images || spec.data.sequenceLength.kind === 'exact') &&
    isSized(spec.model.parameters) &&
    !isUnmeasured(view)
  );
}

/** Work whose memory and time no published runs stand behind: rollouts beside training, image generators. */
export function isUnmeasured({ spec, workload }: RuleView): boolean {
  if (workload.facts.some(({ name }) => name === 'rl.num_generations' || name === 'rl.rollout_engine')) return true;
  return spec.task === 'ppo' || spec.task === 'grpo' || spec.task === 'diffusion';
}
