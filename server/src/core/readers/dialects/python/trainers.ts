/** Classes that train in TRL and in what builds on it. */
export const trlTrainers =
  /^trl\.(\w+\.)*\w+Trainer$|(^|\.)(Unsloth|(?:Neuron)?SFT|DPO|(?:Neuron)?GRPO|PPO|PPOv2|RLOO|KTO|ORPO|CPO|Reward|BCO|OnlineDPO|GKD|PRM|XPO|NashMD|IterativeSFT|SelfDPO)Trainer$/;

/** Classes that train in Transformers, and those built on them. */
export const transformersTrainers =
  /^transformers\.(\w+\.)*(Trainer|Seq2SeqTrainer)$|(^|\.)(Seq2Seq|Sentence\w*|CrossEncoder|SparseEncoder|SetFit|Gaudi|Neuron|ORT|IPU|QuestionAnswering\w*|CustomSeq2Seq)Trainer$|(^|\.)setfit\.Trainer$/;

/** Classes of training arguments. */
export const argumentClasses =
  /^trl\.(\w+\.)*(?!Model|Script)\w+Config$|(^|\.)\w*TrainingArguments$|(^|\.)(?:Neuron)?(SFT|DPO|GRPO|PPO|PPOv2|RLOO|KTO|ORPO|CPO|Reward|BCO|OnlineDPO|GKD|PRM|XPO|NashMD)Config$/;

/** Lightning's trainer under the names by which it is imported. */
export const lightningTrainer = /^(lightning|pytorch_lightning|lightning_fabric|pl|L)\.(\w+\.)*Trainer$/;

/** Trainers that take the loop out of the program's hands. */
export const otherTrainers = new RegExp(
  `${trlTrainers.source}|${transformersTrainers.source}|${lightningTrainer.source}`,
);

const methods: Readonly<Record<string, string>> = {
  unsloth: 'sft',
  iterativesft: 'sft',
  gkd: 'sft',
  gold: 'sft',
  minillm: 'sft',
  distillation: 'sft',
  sdft: 'sft',
  ssd: 'sft',
  ppov2: 'ppo',
  onlinedpo: 'dpo',
  xpo: 'dpo',
  nashmd: 'dpo',
  selfdpo: 'dpo',
  prm: 'reward',
};

const knownMethods = new Set(['sft', 'dpo', 'ppo', 'grpo', 'rloo', 'kto', 'orpo', 'cpo', 'bco', 'reward']);

/** The training method that a TRL trainer stands for; undefined for one that has no name of its own. */
export function methodOf(trainer: string): string | undefined {
  const name = trainer
    .slice(trainer.lastIndexOf('.') + 1)
    .replace(/Trainer$/, '')
    .replace(/^Neuron(?=.)/, '')
    .toLowerCase();
  const method = methods[name] ?? name.replace(/^async/, '');
  return knownMethods.has(method) ? method : undefined;
}
