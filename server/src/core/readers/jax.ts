import { createLedger } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { isTrainingLoop, readTrainingLoop } from './dialects/python/training-loop.ts';

/** Reads training programs in JAX: Flax, Optax, Equinox, NNX. */
export const reader = pythonReader({
  id: 'jax',
  info: { title: 'JAX training loops', files: 'Python scripts and notebooks with Optax and `value_and_grad`' },
  mentions: (text) =>
    /\boptax\b/.test(text) && /\b(value_and_grad|jax\.grad|nnx\.grad)\b/.test(text) && !/\bbackward\(/.test(text),
  find: (program) => {
    if (!isTrainingLoop(program)) return undefined;
    const ledger = createLedger();
    readTrainingLoop(program, ledger);
    const optimizer = program.events.find((event) => event.reached && event.path.startsWith('optax.'));
    return { ledger, anchor: optimizer?.at ?? { uri: program.file.uri, start: 0, end: 0 } };
  },
});
