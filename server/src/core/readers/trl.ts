import { makes, startedOf } from './dialects/python/calls.ts';
import { settingOf } from './dialects/python/keywords.ts';
import { createLedger, imply } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { methodOf, trlTrainers } from './dialects/python/trainers.ts';
import { transformersDefaults, trlDefaults } from './dialects/python/transformers-defaults.ts';
import { readTransformers } from './dialects/python/transformers-program.ts';
import { trainingArguments } from './dialects/python/transformers-section.ts';

/** Reads programs that train with TRL: `SFTTrainer`, `DPOTrainer`, `GRPOTrainer` and their kin. */
export const reader = pythonReader({
  id: 'trl',
  info: {
    title: 'TRL and Unsloth',
    files: 'Python scripts and notebooks with `SFTTrainer`, `DPOTrainer`, `GRPOTrainer` ...',
  },
  mentions: (text) => /Trainer\b/.test(text) && /\b(trl|unsloth|optimum)\b/.test(text),
  find: (program) => {
    const trainer = startedOf(makes(program, trlTrainers));
    if (!trainer) return undefined;
    const path = trlTrainers.test(trainer.path) ? trainer.path : 'SFTTrainer';
    const ledger = createLedger();
    const method = methodOf(path);
    if (method !== undefined) imply(ledger, 'training.method', method, trainer.at);
    const args = trainingArguments(program, trainer);
    // Arguments of Transformers keep their own defaults, also in a trainer of TRL.
    const plain = args?.kind === 'object' && args.path.endsWith('TrainingArguments');
    const precisionSaid = ['bf16', 'fp16'].some((keyword) => settingOf(args, keyword) !== undefined);
    const defaults = plain ? transformersDefaults : trlDefaults(method, { precisionSaid });
    return { ...readTransformers(program, ledger, trainer), ...(defaults ? { defaults } : {}) };
  },
});
