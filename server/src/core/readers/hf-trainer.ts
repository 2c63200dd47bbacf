import { makes, startedOf } from './dialects/python/calls.ts';
import { createLedger } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { transformersTrainers, trlTrainers } from './dialects/python/trainers.ts';
import { transformersDefaults } from './dialects/python/transformers-defaults.ts';
import { readTransformers } from './dialects/python/transformers-program.ts';

/** Reads programs that train with the `Trainer` of Transformers, PEFT adapters included. */
export const reader = pythonReader({
  id: 'hf-trainer',
  info: { title: 'Transformers Trainer', files: 'Python scripts and notebooks with `Trainer` and `TrainingArguments`' },
  mentions: (text) => /Trainer\b/.test(text) && /(\b|_)transformers\b|\bsetfit\b/.test(text),
  find: (program) => {
    if (makes(program, trlTrainers).length > 0) return undefined;
    const trainer = startedOf(makes(program, transformersTrainers));
    if (!trainer) return undefined;
    return { ...readTransformers(program, createLedger(), trainer), defaults: transformersDefaults };
  },
});
