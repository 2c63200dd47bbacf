import { fitOf, ownLoopOf, readKeras } from './dialects/python/keras-section.ts';
import { createLedger } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { readResources } from './dialects/python/resource-section.ts';

/** Reads programs that train a Keras model with `fit`. */
export const reader = pythonReader({
  id: 'keras',
  info: { title: 'Keras', files: 'Python scripts and notebooks with `model.compile` and `model.fit`' },
  mentions: (text) =>
    (/\.fit\(/.test(text) ||
      /\bGradientTape\b|\.apply_gradients\(|\bstateless_apply\b|\.train_on_batch\(|\.minimize\(/.test(text)) &&
    /\b(keras|tensorflow)\b/.test(text),
  find: (program) => {
    const fit = fitOf(program) ?? ownLoopOf(program);
    if (!fit?.reached) return undefined;
    const ledger = createLedger();
    readKeras(program, ledger, fit);
    readResources(program, ledger);
    return { ledger, anchor: fit.at };
  },
});
