/** Optimisers as `TrainingArguments.optim` spells them, by normal name. */
export const trainerOptimizers: Readonly<Record<string, string>> = {
  adamw: 'adamw_torch',
  adamw_8bit: 'adamw_bnb_8bit',
  paged_adamw_32bit: 'paged_adamw_32bit',
  paged_adamw_8bit: 'paged_adamw_8bit',
  adafactor: 'adafactor',
  adagrad: 'adagrad',
  sgd: 'sgd',
  rmsprop: 'rmsprop',
  lion: 'lion_32bit',
  lion_8bit: 'lion_8bit',
  paged_lion_32bit: 'paged_lion_32bit',
  paged_lion_8bit: 'paged_lion_8bit',
};

/** True for an optimiser that nearly every program knows by its plain name. */
export function isPlainOptimizer(name: string): boolean {
  return /^(?:adam|adamw|sgd|rmsprop|adagrad|adadelta|adafactor|lamb|lars|lion)$/.test(name);
}
