/** Words of the spec's fields that are often open; the rest are said by their own names. */
const words: Readonly<Record<string, string>> = {
  'model.parameters': 'parameters of the model',
  'model.activeParameters': 'parameters a token passes',
  'precision.compute': 'number format of matmuls',
  'precision.parameters': 'number format of weights',
  'precision.gradients': 'number format of gradients',
  'precision.autocast': 'autocast',
  'precision.masterWeights': 'fp32 master weights',
  'optimizer.fused': 'fused optimiser',
  'optimizer.name': 'optimiser',
  'code.attention': 'attention kernel',
  'code.compiled': 'compiled',
  'code.fusedLoss': 'fused loss',
  'code.fusedLayers': 'fused layers',
  'data.sequenceLength': 'sequence length',
  'data.meanLength': 'mean length of a sample',
  'data.packed': 'packing',
  'data.examples': 'samples of the data',
  'data.tokens': 'tokens of the data',
  'data.workers': 'loader workers',
  'schedule.microBatch': 'micro batch',
  'schedule.accumulation': 'accumulation',
  'schedule.steps': 'steps of the run',
  'schedule.epochs': 'epochs',
  'recompute.mode': 'recompute',
  'checkpoint.keep': 'checkpoints kept',
  'checkpoint.everySteps': 'save interval',
  'adapter.rank': 'LoRA rank',
  'parallelism.zeroStage': 'ZeRO stage',
};

/** "micro batch" of `schedule.microBatch`, "evaluation batches" of `schedule.evaluationBatches`. */
export function phraseField(field: string): string {
  const last = field.slice(field.lastIndexOf('.') + 1);
  return words[field] ?? last.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Every word above, for the translations. */
export const fieldWords: readonly string[] = Object.values(words);
