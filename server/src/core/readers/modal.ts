import { createLedger } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { readModal, readTotal } from './dialects/python/resource-section.ts';
import { isAnyTrainer } from './dialects/python/training-loop.ts';

/** Reads Modal apps: the GPUs, limits and cluster of the function that trains or serves. */
export const reader = pythonReader({
  id: 'modal',
  info: { title: 'Modal', files: 'Python files with `@app.function(gpu=...)`' },
  mentions: (text) => /\bmodal\b/.test(text) && /\bgpu\s*=/.test(text),
  find: (program) => {
    if (isAnyTrainer(program)) return undefined;
    const ledger = createLedger();
    const made = readModal(program, ledger);
    if (!made) return undefined;
    readTotal(ledger);
    return { ledger, anchor: made.at, role: 'job' };
  },
});
