/** Classes that train in TRL and in what builds on it. */
export const trlTrainers =
  /(^|\.)(Unsloth|SFT|DPO|GRPO|PPO|PPOv2|RLOO|KTO|ORPO|CPO|Reward|BCO|OnlineDPO|GKD|PRM|XPO|NashMD|IterativeSFT|SelfDPO)Trainer$/;

/** Classes that train in Transformers, and those built on them. */
export const transformersTrainers =
  /^transformers\.(\w+\.)*(Trainer|Seq2SeqTrainer)$|(^|\.)(Seq2Seq|Sentence\w*|SetFit|Gaudi|ORT|IPU|QuestionAnswering\w*|CustomSeq2Seq)Trainer$|(^|\.)setfit\.Trainer$/;

/** Classes of training arguments. */
export const argumentClasses =
  /(^|\.)\w*TrainingArguments$|(^|\.)(SFT|DPO|GRPO|PPO|PPOv2|RLOO|KTO|ORPO|CPO|Reward|BCO|OnlineDPO|GKD|PRM|XPO|NashMD)Config$/;

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
  ppov2: 'ppo',
  onlinedpo: 'dpo',
  xpo: 'dpo',
  nashmd: 'dpo',
  selfdpo: 'dpo',
  prm: 'reward',
};

/** The training method that a TRL trainer stands for. */
export function methodOf(trainer: string): string {
  const name = trainer
    .slice(trainer.lastIndexOf('.') + 1)
    .replace(/Trainer$/, '')
    .toLowerCase();
  return methods[name] ?? name;
}
