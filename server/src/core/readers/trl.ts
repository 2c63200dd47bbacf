import { makes, startedOf } from './dialects/python/calls.ts';
import { createLedger, imply } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { methodOf, trlTrainers } from './dialects/python/trainers.ts';
import { trlDefaults } from './dialects/python/transformers-defaults.ts';
import { readTransformers } from './dialects/python/transformers-program.ts';

/** Reads programs that train with TRL: `SFTTrainer`, `DPOTrainer`, `GRPOTrainer` and their kin. */
export const reader = pythonReader({
  id: 'trl',
  info: {
    title: 'TRL and Unsloth',
    files: 'Python scripts and notebooks with `SFTTrainer`, `DPOTrainer`, `GRPOTrainer` ...',
  },
  mentions: (text) => /Trainer\b/.test(text) && /\b(trl|unsloth)\b/.test(text),
  find: (program) => {
    const trainer = startedOf(makes(program, trlTrainers));
    if (!trainer) return undefined;
    const path = trlTrainers.test(trainer.path) ? trainer.path : 'SFTTrainer';
    const ledger = createLedger();
    const method = methodOf(path);
    if (method !== undefined) imply(ledger, 'training.method', method, trainer.at);
    const defaults = trlDefaults[method ?? ''];
    return { ...readTransformers(program, ledger, trainer), ...(defaults ? { defaults } : {}) };
  },
});
