import { createLedger } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { readRayLlm } from './dialects/python/serving-section.ts';

/** Reads programs that deploy language models with Ray Serve: model, engine, device and replicas. */
export const reader = pythonReader({
  id: 'ray-serve',
  info: { title: 'Ray Serve LLM', files: 'Python files with `LLMConfig(...)`' },
  mentions: (text) => /\bray\b/.test(text) && /\bLLMConfig\s*\(/.test(text),
  find: (program) => {
    const ledger = createLedger();
    const made = readRayLlm(program, ledger);
    return made ? { ledger, anchor: made.at, role: 'serving' } : undefined;
  },
});
