import { callsOf } from './dialects/python/calls.ts';
import { createLedger } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { readLightning } from './dialects/python/lightning-section.ts';
import { lightningTrainer } from './dialects/python/trainers.ts';
import { readTrainingLoop } from './dialects/python/training-loop.ts';

/** Reads programs that train with Lightning's `Trainer`. */
export const reader = pythonReader({
  id: 'lightning',
  info: { title: 'PyTorch Lightning', files: 'Python scripts and notebooks with `Trainer(devices=..., strategy=...)`' },
  mentions: (text) => /Trainer\(/.test(text) && /\b(pytorch_)?lightning\b/.test(text),
  find: (program) => {
    const trainer = callsOf(program, lightningTrainer)[0];
    if (!trainer?.reached) return undefined;
    const ledger = createLedger();
    readLightning(program, ledger, trainer);
    readTrainingLoop(program, ledger);
    return { ledger, anchor: trainer.at };
  },
});
