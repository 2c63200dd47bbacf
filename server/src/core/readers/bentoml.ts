import { createLedger } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { readBento } from './dialects/python/serving-section.ts';

/** Reads BentoML services that ask for GPUs: the devices, the model and the engine's limits. */
export const reader = pythonReader({
  id: 'bentoml',
  info: { title: 'BentoML', files: 'Python files with `@bentoml.service(resources=...)`' },
  mentions: (text) => /\bbentoml\b/.test(text) && /["']gpu["']/.test(text),
  find: (program) => {
    const ledger = createLedger();
    const made = readBento(program, ledger);
    return made ? { ledger, anchor: made.at, role: 'serving' } : undefined;
  },
});
