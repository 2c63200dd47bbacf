/** A named guess of ours: what we take where nothing is stated, and why that is the likely case. */
export interface AssumptionText {
  readonly text: string;
  readonly why: string;
}

/** Every assumption by its id; an origin of kind `assumption` names one of these. */
export const assumptions = {
  'size-in-name': {
    text: 'model size taken from its name',
    why: 'The model is in no table; names state the size within about 15 %.',
  },
  'format-in-name': {
    text: 'weights in the format that the checkpoint is named after',
    why: 'Checkpoints that are stored narrow say so in their names (AWQ, GPTQ, FP8), and engines load them as they are.',
  },
  'one-device': {
    text: 'one accelerator',
    why: 'Nothing names a launcher or a count; a bare script starts one process.',
  },
  'one-node': { text: 'one node', why: 'Nothing names more than one node.' },
  'full-node': {
    text: 'all accelerators of the node',
    why: 'A job that takes a node whole is given all its accelerators.',
  },
  'on-demand': { text: 'on-demand price', why: 'Nothing asks for spot or reserved capacity.' },
  'all-ranks-data-parallel': {
    text: 'every rank works on its own data',
    why: 'Ranks that no other degree of parallelism takes are data-parallel in every launcher read here.',
  },
  'dataset-length': {
    text: 'mean length of the dataset as published',
    why: 'The table has the mean tokens of an example, counted with another tokenizer.',
  },
  'padded-to-maximum': {
    text: 'samples padded up to the longest of their batch',
    why: 'Nothing packs samples; lengths below the maximum are likely and widen the range.',
  },
  'single-precision': {
    text: 'fp32 throughout',
    why: 'Frameworks make weights and compute in fp32 where nothing names another format.',
  },
  'auto-precision': {
    text: 'precision left to the framework: the half format of the card',
    why: 'Trainers that read `auto` take bf16 where the card computes in it, else fp16.',
  },
  'published-format': {
    text: 'weights in the format of the published checkpoint',
    why: 'Engines and trainers load a checkpoint as it is where no format is asked for.',
  },
  'scaled-gradients': {
    text: 'weights in fp32 under mixed fp16',
    why: 'A gradient scaler refuses fp16 gradients, so that trained weights are loaded wide.',
  },
  'stage-in-name': {
    text: 'ZeRO stage taken from the name of its config',
    why: 'The file that states it is not at hand; such configs are called by their stage.',
  },
  'offload-in-name': {
    text: 'offload taken from the name of its config',
    why: 'The file that states it is not at hand; such configs say offload in their names.',
  },
  'rollout-engine': {
    text: 'answers made as the trainer does where nothing is said',
    why: 'TRL, Axolotl and torchtune generate in their own loop; other trainers of policies start vLLM.',
  },
  'one-engine': { text: 'one generation engine', why: 'It stands apart from training, and nothing counts it.' },
  'prompt-length': {
    text: 'prompts of 256 tokens',
    why: 'Nothing states their length; questions and instructions are about as long.',
  },
  'answer-length': {
    text: 'answers as long as the sequence leaves room for',
    why: 'Nothing states their length; shorter ones take less time.',
  },
  'tpu-slice': {
    text: 'weights laid over the chips of the slice',
    why: 'TPU runtimes compile one program for the whole slice and shard its weights.',
  },
  'default-accelerator': { text: 'accelerator of the settings', why: 'The files name none.' },
} as const satisfies Record<string, AssumptionText>;

/** Id of an assumption. */
export type AssumptionId = keyof typeof assumptions;
