import { callsOf, makes } from './dialects/python/calls.ts';
import { createLedger } from './dialects/python/ledger.ts';
import { pythonReader } from './dialects/python/lens.ts';
import { lightningDefaults } from './dialects/python/lightning-defaults.ts';
import { readLightning, readLightningCli } from './dialects/python/lightning-section.ts';
import { lightningTrainer } from './dialects/python/trainers.ts';
import { readTrainingLoop } from './dialects/python/training-loop.ts';

/** Reads programs that train with Lightning's `Trainer`. */
export const reader = pythonReader({
  id: 'lightning',
  info: { title: 'PyTorch Lightning', files: 'Python scripts and notebooks with `Trainer(devices=..., strategy=...)`' },
  mentions: (text) => /Trainer\(|LightningCLI\(/.test(text) && /\b(pytorch_)?lightning\b/.test(text),
  find: (program) => {
    const trainer = callsOf(program, lightningTrainer)[0];
    const cli = makes(program, /(^|\.)LightningCLI$/)[0];
    const call = trainer?.reached ? trainer : cli;
    if (!call?.reached) return undefined;
    const ledger = createLedger();
    if (call === trainer) readLightning(program, ledger, trainer);
    else readLightningCli(program, ledger, call);
    readTrainingLoop(program, ledger);
    return { ledger, anchor: call.at, defaults: lightningDefaults(ledger) };
  },
});
